import { randomUUID } from 'node:crypto';
import { streamCompletion } from '../streaming/stream-completion.mjs';
import { withCallSignal } from '../streaming/call-signal.mjs';
import { completionOf } from './openai-format.mjs';

const body = {
  type: 'object',
  required: ['model', 'messages'],
  properties: {
    model: { type: 'string', minLength: 1 },
    stream: { type: 'boolean' },
    max_tokens: { type: 'integer', minimum: 1 },
    messages: {
      type: 'array',
      minItems: 1,
      items: { type: 'object', required: ['role', 'content'], properties: { role: { type: 'string' }, content: {} } },
    },
  },
};

/** `POST /chat/completions`, streamed and not; on the tenant's own account with `x-provider-key`. */
export async function chatRoutes(app, services) {
  const { config, providers, billing, audit, shutdown } = services;

  app.post('/chat/completions', { schema: { body } }, async (request, reply) => {
    const provider = providers.forModel(request.body.model, request.headers['x-provider-key']);
    const call = { provider, request, reply, id: `chatcmpl-${randomUUID()}` };
    return withCallSignal({ shutdown, deadlineMs: config.callDeadlineMs }, (signal) =>
      request.body.stream ? streamCompletion(services, call, signal) : complete(call, signal),
    );
  });

  async function complete({ provider, request, id }, signal) {
    const { model } = request.body;
    const answer = await provider.complete(request.body, { signal });
    billing.charge(request.tenant, model, answer.usage);
    void audit.record({ id, tenant: request.tenant, model, ...answer.usage }, request.log);
    return completionOf({ id, model, ...answer });
  }
}
