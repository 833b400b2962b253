import { Readable } from 'node:stream';

const body = {
  type: 'object',
  required: ['model', 'messages', 'max_tokens'],
  properties: {
    model: { type: 'string', pattern: '^claude-' },
    max_tokens: { type: 'integer', minimum: 1 },
    messages: { type: 'array', minItems: 1 },
  },
};

/** `POST /messages`: Anthropic's own API, its events handed through as they come. Always streamed. */
export async function messageRoutes(app, { providers, billing }) {
  app.post('/messages', { schema: { body } }, async (request, reply) => {
    const clientGone = new AbortController();
    reply.raw.once('close', () => clientGone.abort());
    const events = await providers.anthropic.events(request.body, { signal: clientGone.signal });
    const charge = (usage) => billing.charge(request.tenant, request.body.model, usage);
    const frames = Readable.from(framesOf(events, charge));
    return reply.type('text/event-stream').send(frames);
  });
}

/** One SSE frame an event; says at the end, however it comes, what was used. */
async function* framesOf(events, charge) {
  const usage = { inputTokens: 0, outputTokens: 0 };
  try {
    for await (const event of events) {
      if (event.type === 'message_start') usage.inputTokens = event.message.usage.input_tokens;
      if (event.type === 'message_delta') usage.outputTokens = event.usage.output_tokens;
      yield `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
    }
  } finally {
    charge(usage);
  }
}
