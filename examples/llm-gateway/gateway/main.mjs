import { configFrom } from './config.mjs';
import { buildServer } from './server.mjs';

const config = configFrom(process.env);
const app = buildServer(config);

const stop = () => {
  void app.close().finally(() => process.exit());
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);

await app.listen({ host: config.host, port: config.port });
