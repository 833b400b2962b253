import { setTimeout as delay } from 'node:timers/promises';
import { FindingBoard } from './finding-board.mjs';
import { gatewayEnv } from './gateway-env.mjs';
import { otlpRelayFrom } from './otlp-relay.mjs';
import { startOtlpReceiver } from './otlp-receiver.mjs';
import { plantedLeaks } from './planted.mjs';
import { startGateway, startLoad, startProviders, stop } from './processes.mjs';
import { summaryOf } from './summary.mjs';
import { complaintsAbout, verdictOn } from './verdict.mjs';

/** Time for what was found last to be exported. */
const lastWordsMs = 1_500;

/** One run from start to summary; tells whether it went as planted. Ends every process it started, however it ends. */
export async function runDemo({ leaks, seconds, dataDir, screen, interrupted }) {
  const stops = [];
  try {
    const planted = plantedLeaks(leaks);
    let startedMs = Date.now();
    const elapsedMs = () => Date.now() - startedMs;
    const board = new FindingBoard(elapsedMs);
    const relay = otlpRelayFrom(process.env);
    const receiver = await startOtlpReceiver({ onLogRecord: (record) => board.take(record), relay });
    stops.push(receiver.close);
    const providers = await startProviders();
    stops.push(() => stop(providers.child));
    const env = gatewayEnv({ leaks, dataDir, providersUrl: providers.url, receiverUrl: receiver.url });
    const gateway = await startGateway({ env, onStderr: (line) => screen.line(line) });
    stops.push(() => stop(gateway.child));
    screen.line(introduction({ leaks, seconds, gateway, relay }));

    let counts = { requests: 0, streams: 0, dropped: 0, open: 0, failed: 0 };
    startedMs = Date.now();
    const load = startLoad(gateway.url, (message) => {
      if (message.error) return screen.line(`load: ${message.error}`);
      counts = message.counts;
      screen.status(
        progressOf({ elapsedMs: elapsedMs(), seconds, counts, board, planted, received: receiver.received }),
      );
    });
    stops.push(() => stop(load.child));

    await underLoad({ seconds, gateway, load, interrupted });
    screen.endStatus();
    if (interrupted.aborted) return false;

    const { received } = receiver;
    const verdict = verdictOn(planted, board);
    const complaints = complaintsAbout(verdict, { counts, received });
    await relay?.idle();
    const { closed } = board;
    for (const line of summaryOf({ verdict, complaints, closed, received, relay, counts })) screen.line(line);
    return complaints.length === 0;
  } finally {
    screen.endStatus();
    for (const end of stops.toReversed()) await end();
  }
}

/** Settles when the time is up or the user has had enough; throws if a process ends before. */
async function underLoad({ seconds, gateway, load, interrupted }) {
  const over = new AbortController();
  const died = new Promise((_, reject) => {
    gateway.child.once('exit', (code, signal) =>
      reject(new Error(`The gateway ended early (${signal ?? `exit code ${code}`})`)),
    );
    load.child.once('exit', (code) => reject(new Error(`The load ended early (exit code ${code})`)));
  });
  died.catch(() => over.abort());
  const timeUp = delay(seconds * 1000 + lastWordsMs, undefined, {
    signal: AbortSignal.any([interrupted, over.signal]),
  });
  await Promise.race([died, timeUp.catch(() => undefined)]);
}

function introduction({ leaks, seconds, gateway, relay }) {
  const what = leaks.length === 0 ? 'no leak planted' : `leaks planted: ${leaks.join(', ')}`;
  const where = relay ? relay.endpoints.join(' and ') : 'the receiver inside this demo';
  return `gateway ${gateway.url} under load for ${seconds} s; ${what}; exports to ${where}`;
}

function progressOf({ elapsedMs, seconds, counts, board, planted, received }) {
  const elapsedS = Math.min(seconds, Math.round(elapsedMs / 1000));
  const { missed, strays } = verdictOn(planted, board);
  return [
    `${String(elapsedS).padStart(3)}/${seconds} s`,
    `${counts.open} streams open`,
    `${counts.requests} requests`,
    `${counts.dropped} streams dropped`,
    ...(planted.length > 0 ? [`${planted.length - missed.length} of ${planted.length} leaks named`] : []),
    ...(strays.length > 0 ? [`${strays.length} elsewhere`] : []),
    `${received.metricPosts} metric posts`,
  ].join(' · ');
}
