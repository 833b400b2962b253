import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const maxAgeS = 300;

/** What a receiver does: checks the signature, passes over what it has seen, folds by `id`. */
export async function webhookReceiver(secret) {
  const seen = new Set();
  const open = new Map();
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    if (!isSigned(request.headers, body, secret)) return response.writeHead(401).end();
    response.writeHead(204).end();
    const delivery = request.headers['webhook-id'];
    if (seen.has(delivery)) return undefined;
    seen.add(delivery);
    const { id, action, service, summary } = JSON.parse(body).data;
    if (action === 'close') open.delete(id);
    else open.set(id, summary);
    console.log(`webhook   ${action.padEnd(6)} ${service}: ${summary} (${open.size} open)`);
    return undefined;
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/outlive`, close: () => server.close() };
}

/** https://www.standardwebhooks.com */
function isSigned(headers, body, secret) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': given = '' } = headers;
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > maxAgeS) return false;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}
