/** Micro-dollars a token, in and out. */
const prices = [
  { prefix: 'gpt-', input: 2.5, output: 10 },
  { prefix: 'claude-', input: 3, output: 15 },
  { prefix: 'text-embedding-', input: 0.02, output: 0 },
];

export function costOf({ model, inputTokens, outputTokens }) {
  const price = prices.find(({ prefix }) => model.startsWith(prefix));
  return price ? Math.round(inputTokens * price.input + outputTokens * price.output) : 0;
}
