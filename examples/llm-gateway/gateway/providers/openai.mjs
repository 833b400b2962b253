import OpenAI from 'openai';
import { fetch } from 'undici';

const usageOf = (usage) => ({ inputTokens: usage?.prompt_tokens ?? 0, outputTokens: usage?.completion_tokens ?? 0 });

/** Chat and embeddings by OpenAI, or by anything that speaks its API. */
export function openaiProvider({ baseURL, apiKey, dispatcher }) {
  const client = new OpenAI({ baseURL, apiKey, fetch, fetchOptions: { dispatcher }, maxRetries: 1 });

  return {
    async complete({ model, messages, max_tokens }, { signal }) {
      const answer = await client.chat.completions.create({ model, messages, max_tokens }, { signal });
      const [choice] = answer.choices;
      return { text: choice.message.content, finishReason: choice.finish_reason, usage: usageOf(answer.usage) };
    },

    async *stream({ model, messages, max_tokens }, { signal }) {
      const chunks = await client.chat.completions.create(
        { model, messages, max_tokens, stream: true, stream_options: { include_usage: true } },
        { signal },
      );
      for await (const { choices, usage } of chunks) {
        const [choice] = choices;
        yield {
          text: choice?.delta.content ?? '',
          finishReason: choice?.finish_reason ?? null,
          usage: usage ? usageOf(usage) : undefined,
        };
      }
    },

    async embed({ model, input, encoding_format }, { timeout }) {
      const answer = await client.embeddings.create({ model, input, encoding_format }, { timeout });
      return { data: answer.data, usage: usageOf(answer.usage) };
    },
  };
}
