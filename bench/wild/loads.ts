import { ask, leave, leaveUpload } from './client.ts';

/** What clients do with a program, and how often, by weight. */
export type Load = (base: string) => readonly (readonly [weight: number, act: () => Promise<void>])[];

/** Pages and files, read to their end, revalidated, and left in the middle. */
export const downloads: Load = (base) => [
  [8, () => ask(`${base}/index.html`)],
  [4, () => ask(`${base}/image.png`)],
  [2, () => ask(`${base}/image.png`, { headers: { range: 'bytes=1000-4999' } })],
  [2, () => ask(`${base}/missing.html`)],
  [2, () => leave(`${base}/big.bin`, 20)],
  [1, () => leave(`${base}/big.bin`, 20, { range: 'bytes=1000-' })],
];

const boundary = 'boundary-of-the-bench';
const formHeaders = { 'content-type': `multipart/form-data; boundary=${boundary}` };
const formOf = (bytes: number): Buffer =>
  Buffer.concat([
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n`),
    Buffer.alloc(bytes, 'a'),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);

/** Forms with a file, whole and left in the middle. */
export const uploads: Load = (base) => [
  [6, () => ask(`${base}/upload`, { method: 'POST', headers: formHeaders, body: formOf(2_000) })],
  [3, () => ask(`${base}/upload`, { method: 'POST', headers: formHeaders, body: formOf(600_000) })],
  [3, () => leaveUpload(`${base}/upload`, formOf(600_000), formHeaders)],
];

/** Answers through a proxy, whole and left in the middle; `path` makes the proxy's address of the upstream's. */
export const proxied =
  (path: (upstream: string) => string = () => ''): Load =>
  (base) => {
    const url = `${base}${path(process.env['WILD_UPSTREAM'] ?? '')}`;
    const headers = { origin: 'http://a.test' };
    return [
      [8, () => ask(`${url}/small`, { headers })],
      [2, () => ask(`${url}/slow`, { headers })],
      [2, () => leave(`${url}/slow`, 30, headers)],
      [2, () => leave(`${url}/big`, 30, headers)],
    ];
  };
