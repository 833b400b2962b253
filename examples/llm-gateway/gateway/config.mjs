import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTenants } from './tenants.mjs';

/** Everything the gateway is told from outside. */
export const configFrom = (env) => ({
  host: env.HOST ?? '127.0.0.1',
  port: Number(env.PORT ?? 8080),
  logLevel: env.LOG_LEVEL ?? 'info',
  dataDir: env.DATA_DIR ?? join(tmpdir(), 'llm-gateway'),
  tenants: parseTenants(env.GATEWAY_TENANTS ?? 'gw-acme=acme,gw-vault=vault:zero-retention'),
  openai: { baseURL: env.OPENAI_BASE_URL, apiKey: env.OPENAI_API_KEY ?? 'unset' },
  anthropic: { baseURL: env.ANTHROPIC_BASE_URL, apiKey: env.ANTHROPIC_API_KEY ?? 'unset' },
  callDeadlineMs: 120_000,
  heartbeatMs: 5_000,
  billing: { capacity: 20_000, intervalMs: 250 },
});
