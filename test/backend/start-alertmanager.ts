import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deployed } from './deployed.ts';
import { freePort } from './free-port.ts';
import { ProgramProcess } from './program-process.ts';

export interface Alertmanager {
  readonly url: string;
  /** Host and port, as Prometheus takes them. */
  readonly target: string;
  stop(): Promise<void>;
}

export interface AlertmanagerOptions {
  readonly folder: string;
  /** Host and port of what takes the notifications. */
  readonly receiver: string;
}

/** Alertmanager with `deploy/alertmanager`: its routes as they stand, its patience a sixtieth. */
export async function startAlertmanager({ folder, receiver }: AlertmanagerOptions): Promise<Alertmanager> {
  const target = `127.0.0.1:${await freePort()}`;
  const home = join(folder, 'alertmanager');
  mkdirSync(home);
  const config = deployed('alertmanager/alertmanager.yml', {
    'alert-receiver:8080': receiver,
    'group_wait: 30s': 'group_wait: 500ms',
    'group_interval: 5m': 'group_interval: 5s',
  });
  writeFileSync(join(home, 'alertmanager.yml'), config);
  const program = await ProgramProcess.start({
    binary: 'alertmanager',
    args: [
      `--config.file=${join(home, 'alertmanager.yml')}`,
      `--storage.path=${join(home, 'data')}`,
      `--web.listen-address=${target}`,
      // alone: no peers to gossip with
      '--cluster.listen-address=',
    ],
    readyUrl: `http://${target}/-/ready`,
  });
  return { url: `http://${target}`, target, stop: () => program.stop() };
}
