// A service that leaves a client open at each job until it is told to end; started with outlive/register.
import { setTimeout as sleep } from 'node:timers/promises';
import { scope, snapshot, track } from '../../../../src/index.ts';

class Session {
  close(): void {}
}
const held: Session[] = [];
const untilMs = performance.now() + Number(process.argv[2]);
while (performance.now() < untilMs) {
  scope('job', () => {
    const session = new Session();
    held.push(session);
    track(session, { kind: 'lease', name: 'Session', end: 'close', limitMs: 200 });
  });
  await sleep(20);
}
if (process.argv[3] === 'release') {
  for (const session of held.splice(0)) session.close();
  await sleep(3_000);
}
console.log(
  `opened ${snapshot()
    .kinds.flatMap(({ kind, opened }) => (opened > 0 ? [kind] : []))
    .join()}`,
);
process.on('exit', () => console.log(`exit ${Math.round(performance.now() - doneMs)}`));
const doneMs = performance.now();
