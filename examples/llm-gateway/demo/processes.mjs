import { fork, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const pathOf = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/** Where the built package is: the gateway is started with it as any app would be. */
export const registerUrl = new URL('../../../dist/src/register.js', import.meta.url);

/** The mock providers; gives the process and the address it serves. */
export async function startProviders() {
  const child = fork(pathOf('./provider-mock.mjs'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [{ url }] = await firstOf(child, 'message');
  return { child, url };
}

const ownPreloads = ['./leash.mjs', './hurried-gc.mjs'].map((file) => new URL(file, import.meta.url));

/** The gateway under outlive: `node --import outlive/register gateway/main.mjs`. Every line of its stderr goes to `onStderr`. */
export async function startGateway({ env, onStderr }) {
  const preloads = [...ownPreloads, registerUrl].flatMap(({ href }) => ['--import', href]);
  const args = ['--disable-warning=ExperimentalWarning', '--expose-gc', ...preloads];
  const child = spawn(process.execPath, [...args, pathOf('../gateway/main.mjs')], {
    cwd: pathOf('..'),
    env: { ...env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  createInterface(child.stderr).on('line', onStderr);
  const url = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`The gateway did not start (${signal ?? `exit code ${code}`})`)),
    );
    createInterface(child.stdout).on('line', (line) => {
      const address = /Server listening at (http:\S+?)"/.exec(line)?.[1];
      if (address) resolve(address);
      else if (/"level":[56]0/.test(line)) onStderr(line);
    });
  });
  return { child, url };
}

export function startLoad(url, onMessage) {
  const child = fork(pathOf('./load.mjs'), [url], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  child.on('message', onMessage);
  return { child };
}

/** Asks a process to end, and makes it after `graceMs`. */
export async function stop(child, graceMs = 3_000) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await ended;
  clearTimeout(patience);
}

const firstOf = (child, event) =>
  new Promise((resolve, reject) => {
    child.once(event, (...args) => resolve(args));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${child.spawnargs.at(-1)} ended with exit code ${code}`)));
  });
