import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const register = new URL('../../src/register.ts', import.meta.url).href;
const index = new URL('../../src/index.ts', import.meta.url).href;
const folder = fileURLToPath(new URL('.', import.meta.url));

interface Run {
  readonly registered?: boolean;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

function ran(program: string, { registered = true, args = [], env = {} }: Run = {}) {
  const flags = ['--disable-warning=ExperimentalWarning', ...(registered ? ['--import', register] : []), ...args];
  const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, '--input-type=module', '-e', program], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OUTLIVE_STDERR: 'off',
      ...env,
    },
  });
  return { stdout, stderr, status };
}

/** All that outlive patches, to the last attribute; functions by what they are, not by their names. */
const dump = `
  import { createRequire } from 'node:module';
  const require = createRequire('file:///');
  const { EventEmitter } = require('events');
  const http = require('http'), https = require('https'), net = require('net'), stream = require('stream');
  const fs = require('fs'), timers = require('timers'), async = Object.getPrototypeOf(async function* () {}).prototype;
  const esm = [await import('node:timers'), await import('node:fs'), await import('node:events'), await import('node:http')];
  const places = {
    globalThis, process, processPrototype: Object.getPrototypeOf(process), Error, Promise, promise: Promise.prototype,
    EventEmitter, emitter: EventEmitter.prototype, EventTarget: EventTarget.prototype, AbortSignal,
    server: http.Server.prototype, httpsServer: https.Server.prototype, netServer: net.Server.prototype,
    response: http.ServerResponse.prototype, outgoing: http.OutgoingMessage.prototype, request: http.IncomingMessage.prototype,
    clientRequest: http.ClientRequest.prototype, agent: http.Agent.prototype, httpsAgent: https.Agent.prototype,
    socket: net.Socket.prototype, readable: stream.Readable.prototype, writable: stream.Writable.prototype,
    duplex: stream.Duplex.prototype, http, https, net, fs, fsPromises: fs.promises, timers, asyncGenerator: async,
    asyncGeneratorBase: Object.getPrototypeOf(async), iterator: Object.getPrototypeOf([][Symbol.iterator]()),
    readableStream: ReadableStream.prototype, writableStream: WritableStream.prototype, response_: Response.prototype,
    esm0: esm[0], esm1: esm[1], esm2: esm[2], esm3: esm[3],
  };
  const lazy = new Set(['_events', '_eventsCount', 'exitCode', 'title', 'moduleLoadList', 'promises', 'localStorage', 'sessionStorage', 'stdin', 'stdout', 'stderr']);
  // Node sets its dispatcher when somebody first loads fetch
  const isOwn = (key) => !lazy.has(key) && !String(key).includes('undici');
  const look = () => Object.fromEntries(Object.entries(places).map(([name, place]) => [name,
    new Map(Reflect.ownKeys(place).filter(isOwn).map((key) => [key, Reflect.getOwnPropertyDescriptor(place, key)]))]));
  const parts = ['value', 'get', 'set', 'writable', 'enumerable', 'configurable'];
  /** Where two looks differ: the same keys in the same order, the same attributes, the same functions. */
  const changes = (before, after) => Object.keys(places).flatMap((name) => {
    const [a, b] = [before[name], after[name]];
    const differing = [...new Set([...a.keys(), ...b.keys()])].filter((key) => !parts.every((part) => Object.is(a.get(key)?.[part], b.get(key)?.[part])) || a.has(key) !== b.has(key));
    const inOrder = [...a.keys()].every((key, i) => [...b.keys()][i] === key);
    return [...differing.map((key) => name + '.' + String(key)), ...(inOrder || differing.length > 0 ? [] : [name + ' in another order'])];
  });
  const listeners = () => JSON.stringify(process.eventNames().map((name) => [String(name), process.listenerCount(name)]));
`;

describe('--import outlive/register', () => {
  it('runs a program as it is', () => {
    const program = 'console.log("out"); console.error("err"); process.exitCode = 3;';
    assert.deepEqual(ran(program), { stdout: 'out\n', stderr: 'err\n', status: 3 });
  });

  it('says in one line what it cannot use, and runs the program', () => {
    const { stdout, stderr, status } = ran('console.log("out")', { env: { OUTLIVE_MAX_OPEN: 'many' } });
    assert.deepEqual([stdout, status], ['out\n', 0]);
    assert.match(stderr, /^outlive: .*OUTLIVE_MAX_OPEN.*\n$/);
  });

  it('twice is once, and said', () => {
    const { stdout, stderr } = ran(`import '${register}?again'; console.log('out')`);
    assert.equal(stdout, 'out\n');
    assert.match(stderr, /^(outlive: it runs already[^\n]*\n)?$/);
  });

  it('beside start() is an error in the program’s hands', () => {
    const { stdout } = ran(`import { start } from '${index}'; try { start() } catch ({ code }) { console.log(code) }`);
    assert.equal(stdout, 'OUTLIVE_ALREADY_STARTED\n');
  });

  it('attaches nothing in the tier `disabled`', () => {
    const program = `console.log(Object.hasOwn(Object.getPrototypeOf(process), 'emit'))`;
    assert.equal(ran(program, { env: { OUTLIVE_TIER: 'disabled' } }).stdout, 'false\n');
    assert.equal(ran(program).stdout, 'true\n');
  });

  it('runs in a worker as well, and ends with it', () => {
    const program = `
      import { Worker } from 'node:worker_threads';
      const worker = new Worker('setTimeout(() => console.log("in the worker"), 10)', { eval: true });
      worker.on('exit', (code) => console.log('exit', code));
    `;
    assert.equal(ran(program).stdout, 'in the worker\nexit 0\n');
  });

  it('leaves the program’s working folder be gone', () => {
    const program = `
      import { execFileSync } from 'node:child_process';
      import { mkdtempSync, rmSync } from 'node:fs';
      import { tmpdir } from 'node:os';
      const gone = mkdtempSync(tmpdir() + '/');
      const shell = 'cd ' + gone + ' && rmdir ' + gone + ' && ' + process.execPath + ' --import ${register} -p 1';
      console.log(execFileSync('/bin/sh', ['-c', shell], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    `;
    const bare = program.replace(` --import ${register}`, '');
    assert.equal(ran(program, { registered: false }).stdout, ran(bare, { registered: false }).stdout);
  });
});

describe('first do no harm', () => {
  it('start and shutdown give Node back to the last attribute', () => {
    const program = `${dump}
      const before = look(), listened = listeners();
      const { start } = await import('${index}');
      const loaded = changes(before, look());
      for (let i = 0; i < 2; i++) {
        const outlive = start();
        if (i === 0) {
          const during = new Set(changes(before, look()));
          console.log(['EventEmitter.init', 'server.emit', 'response.emit', 'socket.connect', 'globalThis.setInterval', 'timers.setTimeout', 'esm0.setInterval'].filter((name) => !during.has(name)).join());
        }
        await new Promise((resolve) => http.createServer((q, r) => r.end()).listen(0, '127.0.0.1', function () {
          http.get({ port: this.address().port, agent: false }, (r) => r.resume().on('close', () => this.close(resolve)));
        }));
        await outlive.shutdown();
      }
      console.log(JSON.stringify([loaded, changes(before, look()), listeners() === listened]));
    `;
    const { stdout, stderr } = ran(program, { registered: false });
    assert.equal(stderr, '');
    assert.deepEqual(stdout.split('\n'), ['', '[[],[],true]', '']);
  });

  it('promises settle in the same order, and what is unhandled stays so', () => {
    const program = `
      import { AsyncLocalStorage } from 'node:async_hooks';
      import { EventEmitter, once } from 'node:events';
      import http from 'node:http';
      import { Readable } from 'node:stream';
      const log = [], say = (what) => log.push(what);
      process.on('unhandledRejection', ({ message }) => say('unhandled ' + message));
      process.on('rejectionHandled', () => say('handled late'));
      const storage = new AsyncLocalStorage();
      const turn = () => new Promise((resolve) => setImmediate(resolve));
      let clientGoesOn;
      const server = http.createServer(async (request, response) => {
        say('request ' + storage.getStore());
        setImmediate(() => say('immediate')); process.nextTick(() => say('tick')); queueMicrotask(() => say('micro'));
        Promise.resolve().then(() => say('then 1')).then(() => say('then 2'));
        const late = Promise.reject(new Error('late'));
        void Promise.reject(new Error('lost'));
        await turn();
        late.catch(() => {});
        await turn();
        clientGoesOn();
        for await (const chunk of request) say('chunk ' + chunk);
        for await (const item of Readable.from(['a', 'b'])) say(item);
        await new Promise((resolve) => { const timer = setInterval(() => { clearInterval(timer); say('interval'); resolve(); }, 1); });
        await new Promise((resolve) => setTimeout(resolve, 5));
        response.on('close', () => say('close')).on('finish', () => say('finish')).end('done');
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const emitter = new EventEmitter(); emitter.on('x', () => say('x')); emitter.emit('x');
      await storage.run('mine', async () => {
        const request = http.request({ port: server.address().port, method: 'POST', agent: false });
        clientGoesOn = () => request.end('2');
        request.write('1');
        const [response] = await once(request, 'response');
        say('response in ' + storage.getStore());
        for await (const chunk of response) say('body ' + chunk);
      });
      await turn();
      server.close();
      console.log(log.join());
    `;
    const [bare, ours] = [ran(program, { registered: false }), ran(program)];
    assert.ok(bare.stdout.includes('unhandled lost,'));
    assert.deepEqual(ours, bare);
  });

  it('an uncaught error of a handler ends the program as before', () => {
    const program = `
      import http from 'node:http';
      const server = http.createServer(() => { throw new Error('of the app') }).listen(0, '127.0.0.1', () => http.get({ port: server.address().port }).on('error', () => {}));
    `;
    const crash = ({ stderr, status }: { stderr: string; status: number | null }) => [
      status,
      /Error: of the app/.test(stderr),
    ];
    assert.deepEqual(crash(ran(program)), crash(ran(program, { registered: false })));
  });

  it('nothing of a program is retained: streams, clients, requests and closures go as they would', () => {
    const program = `
      import http from 'node:http';
      import { EventEmitter } from 'node:events';
      import { PassThrough } from 'node:stream';
      const refs = { request: [], response: [], stream: [], client: [], closure: [], signal: [], generator: [] };
      class Client extends EventEmitter { end() {} }
      async function* numbers() { yield 1; yield 2; }
      const server = http.createServer(async (request, response) => {
        const closure = { payload: 'x'.repeat(1000) }, stream = new PassThrough(), client = new Client(), abort = new AbortController(), generator = numbers();
        abort.signal.addEventListener('abort', () => closure);
        stream.on('data', () => closure).end('x');
        const timer = setInterval(() => closure, 1000); clearInterval(timer);
        for await (const _ of generator) break;
        client.end();
        for (const [name, thing] of Object.entries({ request, response, stream, client, closure, signal: abort.signal, generator })) refs[name].push(new WeakRef(thing));
        response.end('ok');
      });
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      const get = () => new Promise((resolve) => http.get({ port: server.address().port, agent: false }, (r) => r.resume().on('close', resolve)));
      for (let i = 0; i < 40; i++) await get();
      for (let i = 0; i < 12; i++) { await new Promise((resolve) => setTimeout(resolve, 60)); gc(); }
      console.log(Object.entries(refs).map(([name, all]) => name + ' ' + (all.filter((ref) => ref.deref() !== undefined).length <= 2)).join());
      server.close();
    `;
    const { stdout } = ran(program, { args: ['--expose-gc'], env: { OUTLIVE_SWEEP_INTERVAL_MS: '50' } });
    assert.equal(
      stdout,
      'request true,response true,stream true,client true,closure true,signal true,generator true\n',
    );
  });
});
