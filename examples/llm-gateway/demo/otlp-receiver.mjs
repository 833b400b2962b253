import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const maxBodyBytes = 8 * 1024 * 1024;
const unzip = promisify(gunzip);

/**
 * A small OTLP/HTTP receiver (JSON) on loopback. It counts what comes, hands every log record to `onLogRecord`,
 * and passes each post on to `relay` where there is one.
 */
export async function startOtlpReceiver({ onLogRecord, relay }) {
  const received = { metricPosts: 0, logPosts: 0, logRecords: 0, refused: 0, metricNames: new Set() };
  const signals = {
    '/v1/metrics': (body) => {
      received.metricPosts += 1;
      for (const { name } of metricsIn(body)) received.metricNames.add(name);
    },
    '/v1/logs': (body) => {
      received.logPosts += 1;
      for (const record of logRecordsIn(body)) {
        received.logRecords += 1;
        onLogRecord({ eventName: record.eventName, attributes: plainAttributes(record.attributes) });
      }
    },
  };

  const server = createServer((request, response) => void answer(request, response));

  async function answer(request, response) {
    const take = signals[request.url];
    const refuse = (status) => {
      received.refused += 1;
      response.writeHead(status, { connection: 'close' }).end();
    };
    if (request.method !== 'POST' || !take) return refuse(404);
    if (!request.headers['content-type']?.startsWith('application/json')) return refuse(415);
    const raw = await bodyOf(request).catch(() => undefined);
    if (!raw) return refuse(413);
    const body = await parsed(raw, request.headers['content-encoding']).catch(() => undefined);
    if (!body) return refuse(400);
    take(body);
    relay?.send(request.url, request.headers, raw);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }

  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));

  return {
    received,
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The whole body, or `undefined` where it is larger than a receiver should take. */
async function bodyOf(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const parsed = async (raw, encoding) =>
  JSON.parse(encoding === 'gzip' ? await unzip(raw, { maxOutputLength: maxBodyBytes }) : raw);

const metricsIn = ({ resourceMetrics = [] }) =>
  resourceMetrics.flatMap(({ scopeMetrics = [] }) => scopeMetrics.flatMap(({ metrics = [] }) => metrics));

const logRecordsIn = ({ resourceLogs = [] }) =>
  resourceLogs.flatMap(({ scopeLogs = [] }) => scopeLogs.flatMap(({ logRecords = [] }) => logRecords));

const plainAttributes = (attributes = []) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]));

/** 64-bit integers may come as strings. */
const plain = ({ stringValue, intValue, doubleValue, boolValue }) =>
  stringValue ?? (intValue === undefined ? (doubleValue ?? boolValue) : Number(intValue));
