import { leaks } from '../leaks.mjs';
import { chunkOf } from '../routes/openai-format.mjs';
import { EventStream } from './event-stream.mjs';
import { startHeartbeat } from './heartbeat.mjs';
import { openTranscript } from './transcript.mjs';

/**
 * Streams one answer to the client. What was used is charged however it ends.
 * The first delta is awaited before the head is sent: an upstream that refuses still becomes a proper status.
 */
export async function streamCompletion({ config, billing, transcriptDir }, { provider, request, reply, id }, signal) {
  const { body, tenant } = request;
  const deltas = provider.stream(body, { signal });
  let delta = await deltas.next(); // leak: generators

  reply.hijack();
  const events = new EventStream(reply.raw);
  const transcript = tenant.retains ? openTranscript(transcriptDir, id) : undefined;
  const stopHeartbeat = startHeartbeat(events, config.heartbeatMs);
  let usage = { inputTokens: 0, outputTokens: 0 };
  let finished = false;
  try {
    for (; !delta.done; delta = await deltas.next()) {
      if (events.closed) return;
      usage = delta.value.usage ?? { ...usage, outputTokens: usage.outputTokens + 1 };
      events.send(chunkOf({ id, model: body.model, ...delta.value }));
      transcript?.write(`${JSON.stringify(delta.value)}\n`);
    }
    events.send('[DONE]');
    finished = true;
  } finally {
    events.end();
    billing.charge(tenant, body.model, usage);
    if (finished || !leaks.has('generators')) await deltas.return(); // fix: generators
    if (finished || !leaks.has('streams')) transcript?.end(); // fix: streams
    if (finished || !leaks.has('timers')) stopHeartbeat(); // fix: timers
  }
}
