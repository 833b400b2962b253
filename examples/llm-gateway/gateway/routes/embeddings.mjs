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

/** `POST /embeddings`, on the gateway's account or, with `x-provider-key`, on the tenant's own. */
export async function embeddingRoutes(app, { config, providers, billing }) {
  app.post('/embeddings', { schema: { body } }, async (request) => {
    const { model } = request.body;
    const provider = providers.openaiWithKey(request.headers['x-provider-key']);
    const { data, usage } = await provider.embed(request.body, { timeout: config.callDeadlineMs });
    billing.charge(request.tenant, model, usage);
    return embeddingsOf({ model, data, usage });
  });
}
