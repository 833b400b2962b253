import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deployed } from './deployed.ts';
import { freePorts } from './free-port.ts';
import { ProgramProcess } from './program-process.ts';

export interface Loki {
  readonly url: string;
  /** For the Collector: where findings go. */
  readonly otlpLogsUrl: string;
  stop(): Promise<void>;
}

/** Loki with `deploy/loki`, in a folder of the test's own. */
export async function startLoki(folder: string): Promise<Loki> {
  const [http, grpc] = await freePorts(2);
  const home = join(folder, 'loki');
  mkdirSync(home);
  const config = deployed('loki/loki.yaml', {
    'http_listen_address: 0.0.0.0': 'http_listen_address: 127.0.0.1\n  grpc_listen_address: 127.0.0.1',
    'http_listen_port: 3100': `http_listen_port: ${http}`,
    'grpc_listen_port: 9096': `grpc_listen_port: ${grpc}`,
    ' /loki': ` ${home}`,
  });
  writeFileSync(join(home, 'loki.yaml'), config);
  const url = `http://127.0.0.1:${http}`;
  const program = await ProgramProcess.start({
    binary: 'loki',
    args: [`-config.file=${join(home, 'loki.yaml')}`],
    readyUrl: `${url}/ready`,
    readyWithinMs: 120_000,
  });
  return { url, otlpLogsUrl: `${url}/otlp/v1/logs`, stop: () => program.stop() };
}
