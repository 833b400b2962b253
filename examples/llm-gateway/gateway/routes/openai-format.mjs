const seconds = () => Math.floor(Date.now() / 1000);

const openaiUsage = ({ inputTokens, outputTokens }) => ({
  prompt_tokens: inputTokens,
  completion_tokens: outputTokens,
  total_tokens: inputTokens + outputTokens,
});

export const completionOf = ({ id, model, text, finishReason, usage }) => ({
  id,
  object: 'chat.completion',
  created: seconds(),
  model,
  choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: finishReason }],
  usage: openaiUsage(usage),
});

export const chunkOf = ({ id, model, text, finishReason, usage }) => ({
  id,
  object: 'chat.completion.chunk',
  created: seconds(),
  model,
  choices: [{ index: 0, delta: { content: text }, finish_reason: finishReason }],
  ...(usage && { usage: openaiUsage(usage) }),
});

export const embeddingsOf = ({ model, data, usage }) => ({ object: 'list', model, data, usage: openaiUsage(usage) });
