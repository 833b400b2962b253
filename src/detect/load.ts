import type { Ledger } from '../lifetime/ledger.ts';

/** Open requests and connections: what may rightly hold things that other work does not. */
export const openLoad = (ledger: Ledger): number =>
  ledger.tallyOf('http.request').open + ledger.tallyOf('http.connection').open + ledger.tallyOf('socket').open;
