import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadOrder, LoadReport } from './load.ts';

/** What stands around the measured servers: who loads them, the gateway's upstream, a collector, a file to stream. */
export interface Surroundings extends AsyncDisposable {
  /** The environment of every measured server. */
  readonly env: Readonly<Record<string, string>>;
  load(order: LoadOrder): Promise<LoadReport>;
}

const streamedFileBytes = 16 * 1024;

/** Reads the port that a server prints when it listens. */
export const portOf = async (server: ChildProcess): Promise<number> => {
  const printed = once(server.stdout?.setEncoding('utf8') ?? server, 'data');
  const exited = once(server, 'exit').then(([code]) =>
    Promise.reject(new Error(`A server exited with ${String(code)} before it listened`)),
  );
  return Number(String((await Promise.race([printed, exited]))[0]));
};

/** A collector that takes everything and keeps nothing. */
const startCollector = async (): Promise<http.Server> => {
  const collector = http.createServer((request, response) => {
    request.resume().on('end', () => response.setHeader('content-type', 'application/json').end('{}'));
  });
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  return collector;
};

export const startSurroundings = async (): Promise<Surroundings> => {
  const folder = mkdtempSync(join(tmpdir(), 'outlive-bench-'));
  const file = join(folder, 'streamed.txt');
  writeFileSync(file, 'x'.repeat(streamedFileBytes));
  const collector = await startCollector();
  const upstream = spawn(process.execPath, [new URL('upstream.mjs', import.meta.url).pathname], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const loader = fork(new URL('load.ts', import.meta.url).pathname, { stdio: 'inherit' });
  const upstreamPort = await portOf(upstream);
  return {
    env: {
      BENCH_FILE: file,
      BENCH_UPSTREAM: `http://127.0.0.1:${upstreamPort}/`,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
      OTEL_SERVICE_NAME: 'bench',
    },
    load: async (order) => {
      loader.send(order);
      const [report] = (await once(loader, 'message')) as [LoadReport | { error: string }];
      if ('error' in report) throw new Error(report.error);
      return report;
    },
    [Symbol.asyncDispose]: async () => {
      loader.kill();
      upstream.kill();
      collector.close();
      collector.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
