import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Fastify, { LogController } from 'fastify';
import { Agent } from 'undici';
import { AuditLog } from './audit/audit-log.mjs';
import { Billing } from './billing/billing.mjs';
import { Providers } from './providers/providers.mjs';
import { chatRoutes } from './routes/chat.mjs';
import { embeddingRoutes } from './routes/embeddings.mjs';
import { sendError } from './routes/errors.mjs';
import { healthRoutes } from './routes/health.mjs';
import { messageRoutes } from './routes/messages.mjs';
import { modelRoutes } from './routes/models.mjs';
import { usageRoutes } from './routes/usage.mjs';
import { authenticateWith } from './tenants.mjs';

/** The gateway, ready to listen. Closing it ends all it opened. */
export function buildServer(config) {
  const transcriptDir = join(config.dataDir, 'transcripts');
  mkdirSync(transcriptDir, { recursive: true });

  const app = Fastify({
    logger: { level: config.logLevel },
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
  });
  app.setErrorHandler(sendError);

  const onError = (error) => app.log.error(error);
  const shutdown = new AbortController();
  const dispatcher = new Agent({ connections: 256, keepAliveTimeout: 30_000 });
  const providers = new Providers({ openai: config.openai, anthropic: config.anthropic, dispatcher });
  const billing = new Billing({ file: join(config.dataDir, 'usage.db'), ...config.billing, onError });
  const audit = new AuditLog(join(config.dataDir, 'audit.jsonl'), { onError });
  const services = { config, providers, billing, audit, transcriptDir, shutdown: shutdown.signal };

  app.decorateRequest('tenant', null);
  app.register(healthRoutes);
  app.register(
    async (api) => {
      api.addHook('onRequest', authenticateWith(config.tenants));
      api.register(chatRoutes, services);
      api.register(messageRoutes, services);
      api.register(embeddingRoutes, services);
      api.register(modelRoutes, services);
      api.register(usageRoutes, services);
    },
    { prefix: '/v1' },
  );
  app.addHook('preClose', async () => shutdown.abort());
  app.addHook('onClose', async () => {
    await audit.close();
    billing.close();
    await dispatcher.destroy();
  });
  return app;
}
