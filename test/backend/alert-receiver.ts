import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export interface Notification {
  /** `/pages` or `/tickets`: the route it came by. */
  readonly path: string;
  readonly status: 'firing' | 'resolved';
  readonly alerts: readonly { readonly status: string; readonly labels: Readonly<Record<string, string>> }[];
}

export interface AlertReceiver {
  /** Host and port. */
  readonly target: string;
  readonly notifications: readonly Notification[];
  stop(): Promise<void>;
}

/** The other end of Alertmanager's webhooks. */
export async function startAlertReceiver(): Promise<AlertReceiver> {
  const notifications: Notification[] = [];
  const server = createServer((request, response) => {
    const take = (body: unknown) => {
      notifications.push({ ...(body as Omit<Notification, 'path'>), path: request.url ?? '' });
      response.end();
    };
    json(request).then(take, () => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    target: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    notifications,
    async stop() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}
