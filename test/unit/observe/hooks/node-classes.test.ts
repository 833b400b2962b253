import assert from 'node:assert/strict';
import { ChildProcess } from 'node:child_process';
import cluster from 'node:cluster';
import { EventEmitter } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { test } from 'node:test';
import tls from 'node:tls';
import { Worker } from 'node:worker_threads';
import zlib from 'node:zlib';
import {
  classWithin,
  type IsClass,
  isChildProcess,
  isHttpsAgent,
  isHttpsServer,
  isWorker,
  isZlib,
} from '../../../../src/observe/hooks/node-classes.ts';

const tells = (
  isClass: IsClass,
  theClass: { readonly prototype: object },
  others: readonly { prototype: object }[],
) => {
  class Heir extends EventEmitter {}
  Object.setPrototypeOf(Heir.prototype, theClass.prototype);
  assert.equal(isClass(theClass.prototype), true);
  assert.equal(classWithin(Heir.prototype, isClass), theClass.prototype);
  for (const other of [EventEmitter, ...others]) assert.equal(classWithin(other.prototype, isClass), undefined);
};

test("node classes: a worker thread is none of cluster's workers", () => {
  const { Worker: ClusterWorker } = cluster as unknown as { readonly Worker: typeof EventEmitter };
  tells(isWorker, Worker, [ClusterWorker, ChildProcess]);
});

test('node classes: a child process is told by its shape', () => {
  class Other extends EventEmitter {}
  Object.defineProperty(Other, 'name', { value: 'ChildProcess' });
  tells(isChildProcess, ChildProcess, [Worker, Other]);
});

test('node classes: servers and agents of https are none of http, net or tls', () => {
  tells(isHttpsServer, https.Server, [http.Server, tls.Server]);
  tells(isHttpsAgent, https.Agent, [http.Agent]);
});

test('node classes: every sort of compression is one class', () => {
  for (const name of ['Gzip', 'Inflate', 'BrotliCompress', 'Unzip'] as const) {
    const { prototype } = zlib[name as 'Gzip' & keyof typeof zlib] as unknown as { prototype: object };
    assert.notEqual(classWithin(prototype, isZlib), undefined, name);
  }
});
