import { randomUUID } from 'node:crypto';
import { embeddingsOf } from './openai-format.mjs';

const body = {
  type: 'object',
  required: ['model', 'input'],
  properties: {
    model: { type: 'string', minLength: 1 },
    input: { anyOf: [{ type: 'string' }, { type: 'array' }] },
    encoding_format: { enum: ['float', 'base64'], default: 'float' },
  },
};

/** `POST /embeddings`. */
export async function embeddingRoutes(app, { config, providers, billing, audit }) {
  app.post('/embeddings', { schema: { body } }, async (request) => {
    const { model } = request.body;
    const { data, usage } = await providers.openai.embed(request.body, { timeout: config.callDeadlineMs });
    billing.charge(request.tenant, model, usage);
    void audit.record({ id: `emb-${randomUUID()}`, tenant: request.tenant, model, ...usage }, request.log);
    return embeddingsOf({ model, data, usage });
  });
}
