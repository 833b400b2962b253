// A service with a leak that is mended, and who is told of it: a webhook on this machine, and a function of its own.
//   node examples/alerts/alerts.mjs      (after `npm run build`; takes 10 s)
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { scope, start, track } from 'outlive';
import { webhookReceiver } from './webhook-receiver.mjs';

const secret = `whsec_${randomBytes(24).toString('base64')}`;
const receiver = await webhookReceiver(secret);

const outlive = start({
  tier: 'development',
  sweepIntervalMs: 50, // so that it takes seconds: every window of judgement is counted in sweeps
  stderr: 'off',
  alertWebhookUrl: receiver.url,
  alertWebhookSecret: secret,
  onAlert: ({ action, summary }) => console.log(`onAlert   ${action.padEnd(6)} ${summary}`),
});

class Session {
  closed = false;
  close() {
    this.closed = true;
  }
}

const forgotten = [];
for (let job = 0; job < 200; job++) {
  scope('import', () => {
    const session = new Session();
    forgotten.push(session); // leak: nobody closes it
    track(session, { kind: 'lease', name: 'Session', end: 'close', limitMs: 200 });
  });
  await sleep(20);
}
console.log('now all sessions are closed');
for (const session of forgotten.splice(0)) session.close();
await sleep(4_000);
await outlive.shutdown();
receiver.close();
