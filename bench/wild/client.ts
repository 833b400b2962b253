import http from 'node:http';

/** A request whose answer is read to its end; what fails is the program's own affair. */
export function ask(
  url: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: http.OutgoingHttpHeaders; body?: Buffer } = {},
): Promise<void> {
  return new Promise((resolve) => {
    const request = http.request(url, { method, headers: { connection: 'close', ...headers } }, (response) => {
      response.resume().on('error', () => {});
    });
    request.on('error', () => {}).on('close', resolve);
    request.end(body);
  });
}

/** A client that takes the first bytes of an answer and leaves; at the latest after `ms`. */
export function leave(url: string, ms: number, headers: http.OutgoingHttpHeaders = {}): Promise<void> {
  return new Promise((resolve) => {
    const request = http.get(url, { agent: false, headers }, (response) => {
      response.on('error', () => {}).once('data', () => request.destroy());
    });
    request.on('error', () => {}).on('close', resolve);
    setTimeout(() => request.destroy(), ms);
  });
}

/** A client that leaves in the middle of what it sends. */
export function leaveUpload(url: string, body: Buffer, headers: http.OutgoingHttpHeaders): Promise<void> {
  return new Promise((resolve) => {
    const request = http.request(url, {
      method: 'POST',
      agent: false,
      headers: { ...headers, 'content-length': body.length },
    });
    request.on('response', (response) => response.resume().on('error', () => {}));
    request.on('error', () => {}).on('close', resolve);
    request.write(body.subarray(0, body.length >> 1));
    setTimeout(() => request.destroy(), 5 + Math.random() * 55);
  });
}
