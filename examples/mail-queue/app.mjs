// A shop that sends a mail for each order. It knows nothing of outlive. The mail server becomes slow; later it recovers.
import PQueue from 'p-queue';
import { setTimeout as sleep } from 'node:timers/promises';

const mails = new PQueue({ concurrency: 2 }); // grows: the mail server is slow
const receipts = new PQueue({ concurrency: 2 }); // healthy: in bursts that drain
let mailTakesMs = 60;

/** Six orders in 60 ms, of which the mail server takes two. */
const orders = setInterval(() => void mails.add(() => sleep(mailTakesMs)), 10);
/** Every two seconds the receipts of all of them. */
const batches = setInterval(() => {
  for (let receipt = 0; receipt < 100; receipt++) void receipts.add(() => sleep(5));
}, 2_000);

await sleep(10_000);
console.log(`${mails.size} mails wait: the mail server is mended`);
clearInterval(orders);
clearInterval(batches);
mailTakesMs = 1;
await Promise.all([mails.onIdle(), sleep(2_000)]);
