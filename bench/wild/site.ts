import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Program } from './programs.ts';

/** A folder in which a program is installed, with something to serve. */
export interface Site {
  readonly folder: string;
  readonly modules: string;
  readonly www: string;
  remove(): void;
}

export function siteOf(name: string, { packages, server }: Program): Site {
  const folder = mkdtempSync(join(tmpdir(), `outlive-wild-${name}-`));
  const www = join(folder, 'www');
  mkdirSync(www);
  writeFileSync(join(www, 'index.html'), `<!doctype html><title>hello</title>${'<p>text</p>'.repeat(200)}`);
  writeFileSync(join(www, 'image.png'), Buffer.alloc(400_000, 1));
  writeFileSync(join(www, 'big.bin'), Buffer.alloc(32 * 2 ** 20, 'b'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: `wild-${name}`, dependencies: packages }));
  if (server !== undefined) {
    const given = 'const [port, folder, upstream] = process.argv.slice(2);';
    writeFileSync(join(folder, 'server.cjs'), `${given}\n${server}`);
  }
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  return { folder, modules: join(folder, 'node_modules'), www, remove };
}

export async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

/** What proxies ask: a small answer, a big one, one that takes its time. */
export async function upstream(): Promise<{ url: string; close(): void }> {
  const server = http.createServer((request, response) => {
    if (request.url?.endsWith('/big') === true) return void response.end(Buffer.alloc(8 * 2 ** 20, 'b'));
    if (request.url?.endsWith('/slow') !== true) return void response.end('hello');
    const timer = setInterval(() => response.write('x'.repeat(500)), 20);
    response.on('close', () => clearInterval(timer));
    setTimeout(() => (clearInterval(timer), response.end()), 400);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => (server.closeAllConnections(), void server.close()) };
}
