// The package as a user gets it: packed, installed into an empty folder, run by the oldest Node that is supported.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const findingDeadlineMs = 40_000;

const leakyApp = `
import http from 'node:http';
const server = http.createServer((request, response) => {
  setInterval(() => {}, 60_000);
  response.end('ok');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;
const startedAndStopped = `
import { start } from 'outlive';
const outlive = start();
await outlive.shutdown();
console.log('stopped');
`;

const integrated = `
import PQueue from 'p-queue';
import { start } from 'outlive';
import { pQueue } from 'outlive/p-queue';
const { add } = PQueue.prototype;
const outlive = start({ integrations: [pQueue(PQueue)] });
console.log(await new PQueue().add(() => 'done'), PQueue.prototype.add !== add);
await outlive.shutdown();
console.log(PQueue.prototype.add === add);
`;

const npm = (cwd, ...args) => {
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status !== 0) throw new Error(`npm ${args[0]} failed:\n${stdout}${stderr}`);
  return stdout;
};

const install = (folder) => {
  const [{ filename }] = Object.values(
    JSON.parse(npm(root, 'pack', '--json', '--loglevel=error', '--pack-destination', folder)),
  );
  const packages = ['@opentelemetry/api', 'p-queue'].map((name) => {
    const { version } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'));
    return `${name}@${version}`;
  });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  npm(folder, 'install', '--loglevel=error', '--no-audit', '--no-fund', `./${filename}`, ...packages);
};

/** An OTLP/HTTP endpoint that remembers what was sent to it. */
const startReceiver = async () => {
  const bodies = { '/v1/metrics': '', '/v1/logs': '' };
  const server = http.createServer((request, response) => {
    request.setEncoding('utf8').on('data', (text) => (bodies[request.url] += text));
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { bodies, server, endpoint: `http://127.0.0.1:${server.address().port}` };
};

const findsTheLeak = async (binary, folder) => {
  const receiver = await startReceiver();
  const app = spawn(binary, ['--import', 'outlive/register', 'leaky.mjs'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
      OTEL_METRIC_EXPORT_INTERVAL: '500',
      OTEL_METRIC_EXPORT_TIMEOUT: '400',
      OTEL_BLRP_SCHEDULE_DELAY: '200',
      OUTLIVE_SWEEP_INTERVAL_MS: '50',
    },
  });
  let stderr = '';
  app.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  try {
    const [port] = await Promise.race([
      once(app.stdout.setEncoding('utf8'), 'data'),
      once(app, 'exit').then(() => ['none']),
    ]);
    const seen = () => ({
      'a start line on stderr': stderr.includes('outlive'),
      'the leak on stderr': /leaky\.mjs:4/.test(stderr),
      'metrics over OTLP': receiver.bodies['/v1/metrics'].includes('outlive.resource.open'),
      'the finding over OTLP': receiver.bodies['/v1/logs'].includes('lingering_timer'),
    });
    const deadlineMs = Date.now() + findingDeadlineMs;
    while (Object.values(seen()).includes(false) && Date.now() < deadlineMs && app.exitCode === null) {
      await fetch(`http://127.0.0.1:${port.trim()}/`).then((response) => response.text());
      await delay(5);
    }
    const missing = Object.entries(seen()).flatMap(([what, there]) => (there ? [] : [what]));
    if (missing.length > 0)
      throw new Error(`not seen within ${findingDeadlineMs / 1000} s: ${missing.join(', ')}\n${stderr}`);
    app.kill('SIGTERM');
    if (app.exitCode === null && app.signalCode === null) await once(app, 'exit');
    if (app.signalCode !== 'SIGTERM')
      throw new Error(`SIGTERM ended the app with code ${app.exitCode}, not by the signal\n${stderr}`);
  } finally {
    app.kill('SIGKILL');
    receiver.server.close();
    receiver.server.closeAllConnections();
  }
};

const prints = (binary, folder, file, expected) => {
  const { status, stdout, stderr } = spawnSync(binary, [file], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 20_000,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  if (status !== 0 || stdout !== expected) throw new Error(`${file} ended with ${status}:\n${stdout}${stderr}`);
};

/** Packs and installs outlive and runs it on the binary; throws with what went wrong. */
export const checkBuiltPackage = async (binary) => {
  const folder = mkdtempSync(join(tmpdir(), 'outlive-package-'));
  try {
    install(folder);
    writeFileSync(join(folder, 'leaky.mjs'), leakyApp);
    writeFileSync(join(folder, 'started.mjs'), startedAndStopped);
    writeFileSync(join(folder, 'integrated.mjs'), integrated);
    await findsTheLeak(binary, folder);
    prints(binary, folder, 'started.mjs', 'stopped\n');
    prints(binary, folder, 'integrated.mjs', 'done true\ntrue\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
