/** What is asked of each app: one kept-alive request, over and over. */
interface App {
  readonly file: string;
  readonly request: string;
  /** Requests of this app for each 100 of the hello app, so that all take about as long. */
  readonly percent: number;
  /** Set-ups that are told apart for this one alone. */
  readonly also?: readonly string[];
}

const get = 'GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n';
const chat = JSON.stringify({ model: 'mock', messages: [{ role: 'user', content: 'Say a word two hundred times.' }] });
const post = [
  'POST /v1/chat/completions HTTP/1.1',
  'host: 127.0.0.1',
  'content-type: application/json',
  `content-length: ${chat.length}`,
  '',
  chat,
].join('\r\n');

const fileOf = (url: URL): string => url.pathname;

export const apps = {
  hello: { file: fileOf(new URL('apps/hello.mjs', import.meta.url)), request: get, percent: 100 },
  awaits: { file: fileOf(new URL('apps/awaits.mjs', import.meta.url)), request: get, percent: 100 },
  'await-loop': { file: fileOf(new URL('apps/await-loop.mjs', import.meta.url)), request: get, percent: 10 },
  streams: { file: fileOf(new URL('apps/streams.mjs', import.meta.url)), request: get, percent: 5 },
  gateway: {
    file: fileOf(new URL('apps/gateway.mjs', import.meta.url)),
    request: post,
    percent: 8,
    also: ['outlive-without-export'],
  },
} as const satisfies Record<string, App>;

export type AppName = keyof typeof apps;
export const appNames = Object.keys(apps) as AppName[];
export const appOf = (name: AppName): App => apps[name];
