import Anthropic from '@anthropic-ai/sdk';
import { fetch } from 'undici';

const finishReasons = { end_turn: 'stop', stop_sequence: 'stop', max_tokens: 'length', tool_use: 'tool_calls' };
const usageOf = (usage) => ({ inputTokens: usage?.input_tokens ?? 0, outputTokens: usage?.output_tokens ?? 0 });

/** Anthropic takes the system prompt beside the messages, and wants a limit. */
const toAnthropic = ({ model, messages, max_tokens }) => ({
  model,
  max_tokens: max_tokens ?? 1024,
  system: messages.find(({ role }) => role === 'system')?.content,
  messages: messages.filter(({ role }) => role !== 'system'),
});

/** Chat by Anthropic, in the gateway's words; `events` hands its own events through. */
export function anthropicProvider({ baseURL, apiKey, dispatcher }) {
  const client = new Anthropic({ baseURL, apiKey, fetch, fetchOptions: { dispatcher }, maxRetries: 1 });

  return {
    async complete(request, { signal }) {
      const answer = await client.messages.create(toAnthropic(request), { signal });
      const text = answer.content.map((block) => block.text ?? '').join('');
      return { text, finishReason: finishReasons[answer.stop_reason], usage: usageOf(answer.usage) };
    },

    async *stream(request, { signal }) {
      const events = await client.messages.create({ ...toAnthropic(request), stream: true }, { signal });
      for await (const event of events) {
        if (event.type === 'content_block_delta') yield { text: event.delta.text ?? '', finishReason: null };
        if (event.type === 'message_delta') {
          yield { text: '', finishReason: finishReasons[event.delta.stop_reason], usage: usageOf(event.usage) };
        }
      }
    },

    events: (request, { signal }) => client.messages.create({ ...request, stream: true }, { signal }),
  };
}
