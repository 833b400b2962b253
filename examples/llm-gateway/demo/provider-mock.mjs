// The providers, in a process of their own: OpenAI's and Anthropic's APIs as aimock serves them, at the pace of a model.
import { createServer } from '@copilotkit/aimock';

process.once('disconnect', () => process.exit());

const answer =
  'A stream that nobody reads any more still holds its socket, its buffers and all it closes over. '.repeat(8);
const usage = { prompt_tokens: 42, completion_tokens: 192, total_tokens: 234 };
const pace = { chunkSize: 20, streamingProfile: { ttft: 120, tps: 25, jitter: 0.3 } };

const fixtures = [
  { match: { inputText: /./ }, response: { embedding: Array.from({ length: 256 }, (_, i) => Math.sin(i)) } },
  { match: { userMessage: /./ }, response: { content: answer, usage }, ...pace },
];
const { server, url } = await createServer(fixtures, { host: '127.0.0.1', port: 0, journalMaxEntries: 10 });
server.keepAliveTimeout = 0; // a provider's load balancer keeps idle connections for minutes, not for Node's 5 s
process.send({ url });
