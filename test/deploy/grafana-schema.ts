import { fileURLToPath } from 'node:url';
import { Ajv, type AnySchemaObject } from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/**
 * Grafana publishes its dashboards' schema as TypeScript. This makes a JSON schema of it, in which what is not known is an
 * error.
 * @returns what is wrong with a dashboard, a line each
 */
export function grafanaChecker(): (dashboard: unknown) => string[] {
  const schema = createGenerator({
    path: path('grafana-dashboard.ts'),
    tsconfig: path('../../tsconfig.json'),
    type: 'GrafanaDashboard',
    additionalProperties: false,
    // two of its types are called the same
    expose: 'none',
  }).createSchema('GrafanaDashboard');
  const validate = new Ajv({ allErrors: true, strict: false }).compile(schema as AnySchemaObject);
  return (dashboard) => {
    void validate(dashboard);
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
}
