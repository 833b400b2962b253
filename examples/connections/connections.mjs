// Two services that leak nothing and pay for more connections than they need; then the same, mended.
//   node examples/connections/connections.mjs      (after `npm run build`; takes 20 s)
import { EventEmitter, once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onFinding, scope, start } from 'outlive';

const outlive = start({
  tier: 'development',
  sweepIntervalMs: 50, // so that it takes seconds: every window of judgement is counted in sweeps
});
onFinding(({ state, severity, type, sockets }) => console.log(`${state}: ${type}, ${severity}, ${sockets} sockets`));

const echo = net.createServer((socket) => socket.pipe(socket).on('error', () => {})).listen(0, '127.0.0.1');
const upstream = http.createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1');
upstream.keepAliveTimeout = 3_000;
await Promise.all([once(echo, 'listening'), once(upstream, 'listening')]);

/** A client of a database, as a library has it. */
class Database extends EventEmitter {
  #socket = net.connect(echo.address().port, '127.0.0.1');
  connection = this.#socket;

  async ask(question) {
    this.#socket.write(question);
    const [answer] = await once(this.#socket, 'data');
    return String(answer);
  }

  end() {
    this.#socket.destroy();
  }
}

async function findOrder(shared) {
  const database = shared ?? new Database(); // cost: one for each order, closed as it should be
  try {
    return await database.ask('select 1');
  } finally {
    if (database !== shared) database.end();
  }
}

const agent = new http.Agent({ keepAlive: true, timeout: 700 }); // cost: it keeps connections, and none is used again

/** Asks from an address of the tenant, where there is one: a connection from one address is of no use to another. */
function price(tenant) {
  const { promise, resolve } = Promise.withResolvers();
  const options = { host: '127.0.0.1', port: upstream.address().port, agent, ...(tenant && { localAddress: tenant }) };
  http.get(options, (response) => response.resume().on('end', resolve)).on('error', resolve);
  return promise;
}

async function serve(orders, database, tenantOf) {
  for (let order = 0; order < orders; order++) {
    await scope('find order', () => findOrder(database));
    await scope('ask prices', () => Promise.all([0, 1, 2].map((part) => price(tenantOf(3 * order + part)))));
    await sleep(25);
  }
}

await serve(300, undefined, (order) => `127.0.0.${2 + (order % 250)}`);
console.log('now one client serves all orders, and all prices come from one address');
const database = new Database();
await serve(300, database, () => undefined);

database.end();
agent.destroy();
upstream.closeAllConnections();
upstream.close();
echo.close();
await outlive.shutdown();
