import type { Socket } from 'node:net';
import type { Probe } from '../../lifetime/probe.ts';
import type { TrackedType } from '../../lifetime/tracked-type.ts';
import { events, http, net, stream, util } from '../../runtime/builtins.ts';
import { isOwnFile } from '../../runtime/own-code.ts';
import { isCalledByNode } from '../../runtime/stack.ts';
import { type Stamp, stamp } from '../../runtime/stamp.ts';
import { BehindProxies } from '../behind-proxies.ts';
import type { Hook } from '../hook.ts';
import { LateDetaches } from '../late-detaches.ts';
import type { Observer } from '../observer.ts';
import { oncePerObserver } from '../once-per-observer.ts';
import { type Detach, detachAll, patchMethod } from '../patch.ts';
import { agentUse } from './agent-use.ts';
import { connectionsOf, replacesSockets } from './client-connections.ts';
import { type ClientNote, noteOf } from './client-note.ts';
import { socketsWithin } from './client-sockets.ts';
import { onEmitterBirth } from './emitter-births.ts';
import { classWithin, isChildProcess, isFetch, isWorker } from './node-classes.ts';
import { socketProbe } from './sockets.ts';
import { typeNameOf } from './type-name.ts';

/** The calls by which clients are ended, in the field's usual words. */
const endings = [
  'end',
  'close',
  'quit',
  'disconnect',
  'destroy',
  'terminate',
  'kill',
  'dispose',
  'shutdown',
  'stop',
] as const;
const endingNames = new Set<string>(endings);

/** Ends of each type at which its clients' sockets are looked for, a sweep: each such search takes up to 0.2 ms. */
const endsOfSweep = 2;

/** Long-lived clients and agents, by duck type: an EventEmitter with a call that ends it. */
export const clients: Hook = {
  group: 'clients',
  attach(observer) {
    const { notes, probe } = notesOf(observer);
    const patched = new LateDetaches();
    const types = stamp<TrackedType>();
    const noteEnd = observer.safely('client end', endNoter(observer, notes, types));
    const typeOf = (prototype: object): TrackedType | null => {
      const methods = endingMethodsOf(prototype);
      if (!isClient(prototype, methods)) return null;
      for (const [owner, name] of methods) patched.add(endsWith(noteEnd, owner, name), owner);
      const type = clientType(observer, probe, typeNameOf(prototype), methods[0]?.[1] ?? 'close');
      types.set(prototype, type);
      return type;
    };
    return detachAll([() => patched.run(), agentUse(observer, notes), onEmitterBirth(observer, typeOf)]);
  },
  /** A client has ended when a call of it was seen: those that nobody watches any more are not held against anybody. */
  unseen: (observer) => observer.ledger.unwatch(notesOf(observer).probe),
};

const notesOf = oncePerObserver(() => {
  const notes = stamp<ClientNote>();
  return { notes, probe: clientProbe(notes) };
});

/** Classes whose instances other hooks follow. */
const isNoClient = (prototype: object): boolean =>
  prototype === stream.Stream.prototype ||
  prototype === net.Server.prototype ||
  isWorker(prototype) ||
  isChildProcess(prototype) ||
  isFetch(prototype);

type Method = readonly [owner: object, name: string];

const isClient = (prototype: object, methods: readonly Method[]): boolean =>
  methods.length > 0 &&
  classWithin(prototype, isNoClient) === undefined &&
  (isAgent(prototype) || !isCalledByNode(isOwnFile));

const clientType = (observer: Observer, probe: Probe, name: string, call: string): TrackedType =>
  observer.defineType({
    kind: 'client',
    name,
    probe,
    judgement: 'scope',
    advice: `call \`${call}()\` on it when the request is done, or make one ${name} for the process and share it`,
  });

/** Of Node's own classes that end by a call, agents are those that apps make and keep. */
const isAgent = (prototype: object): boolean =>
  prototype === http.Agent.prototype || Object.prototype.isPrototypeOf.call(http.Agent.prototype, prototype);

/** Where on the prototype chain the ending calls stand; nothing of the chain is run. */
function endingMethodsOf(prototype: object): Method[] {
  const found: Method[] = [];
  const seen = new Set<string>();
  for (
    let at: object | null = prototype;
    at !== null && at !== events.EventEmitter.prototype;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    if (at === Object.prototype) return [];
    for (const name of endings) {
      const value: unknown = Object.getOwnPropertyDescriptor(at, name)?.value;
      if (typeof value !== 'function' || seen.has(name) || !endingNames.has(name)) continue;
      seen.add(name);
      found.push([at, name]);
    }
  }
  return found;
}

const alreadyPatched = new WeakMap<object, Set<string>>();

/** Marks a client as ended, and looks for the sockets that it has then; of few, for that takes its time. */
function endNoter(observer: Observer, notes: Stamp<ClientNote>, types: Stamp<TrackedType>): (client: object) => void {
  const looked = new Map<TrackedType, { sweep: number; looks: number }>();
  const isDue = (type: TrackedType): boolean => {
    const sweep = observer.ledger.sweepCount;
    let record = looked.get(type);
    if (record === undefined || record.sweep !== sweep) looked.set(type, (record = { sweep, looks: 0 }));
    return ++record.looks <= endsOfSweep;
  };
  const noteEnd = (client: object): void => {
    const note = noteOf(notes, client);
    if (note.ended) return;
    note.ended = true;
    if (util.types.isProxy(client)) return behind.lookUp(client);
    const prototype = Object.getPrototypeOf(client) as object | null;
    const type = prototype === null ? undefined : types.get(prototype);
    if (type === undefined || !isDue(type)) return;
    const open = socketsWithin(client).sockets.filter((socket) => !socket.destroyed);
    type.connected.note(open.length, note.uses > 0);
  };
  const behind = new BehindProxies(observer, noteEnd);
  return noteEnd;
}

/** Tells of a client on which the app calls `name`. */
function endsWith(noteEnd: (client: object) => void, owner: object, name: string): Detach {
  const names = alreadyPatched.get(owner) ?? new Set();
  if (names.has(name)) return () => {};
  alreadyPatched.set(owner, names.add(name));
  const detach = patchMethod(
    owner,
    name,
    (original, state) =>
      function ending(this: object | null | undefined): unknown {
        // a method that needs no `this` may be called without one
        if (state.active && this !== undefined && this !== null) noteEnd(this);
        return Reflect.apply(original, this, arguments);
      },
  );
  return () => {
    names.delete(name);
    detach();
  };
}

/** No power of two comes after it. */
const neverAgain = 2 ** 30;
const isPowerOfTwo = (n: number): boolean => (n & (n - 1)) === 0;

function clientProbe(notes: Stamp<ClientNote>): Probe {
  const socketsOf = (client: object): Socket[] => {
    const note = noteOf(notes, client);
    // a client without sockets is searched at its 1st, 2nd, 4th, 8th … look
    if (note.sockets.length === 0 && isPowerOfTwo(++note.looks)) {
      const { sockets, tooLarge } = socketsWithin(client);
      note.sockets = sockets.map((socket) => new WeakRef(socket));
      if (tooLarge) note.looks = neverAgain;
    }
    return note.sockets.flatMap((ref) => ref.deref() ?? []);
  };
  return {
    endOf(client) {
      if (notes.get(client)?.ended === true) return 'released';
      const note = notes.get(client);
      if (note === undefined || note.sockets.length === 0) return undefined;
      if (note.sockets.some((ref) => ref.deref()?.destroyed === false)) return undefined;
      // all its sockets are gone: the other side ended it
      if (!replacesSockets(client)) return 'released';
      note.sockets = [];
      note.looks = 0;
      return undefined;
    },
    remainsOf: (client) => noteOf(notes, client),
    connectionsOf: (client) => connectionsOf(client, socketsOf(client), noteOf(notes, client)),
    isRooted: (client) => socketsOf(client).some((socket) => !socket.destroyed),
    progressOf: (client) =>
      socketsOf(client).reduce(
        (bytes, socket) => bytes + (socketProbe.progressOf?.(socket) ?? 0),
        notes.get(client)?.uses ?? 0,
      ),
  };
}
