import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import stream from 'node:stream';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { typeNameOf } from '../../../../src/observe/hooks/type-name.ts';

test("type name: Node's own classes are named as its documentation writes them", () => {
  const classes: readonly (readonly [string, unknown])[] = [
    ['stream.Readable', stream.Readable],
    ['stream.Transform', stream.Transform],
    ['net.Socket', net.Socket],
    ['net.Server', net.Server],
    ['fs.ReadStream', fs.ReadStream],
    ['fs.WriteStream', fs.WriteStream],
    ['fs.Dir', fs.Dir],
    ['http.Agent', http.Agent],
    ['http.IncomingMessage', http.IncomingMessage],
    ['https.Agent', https.Agent],
    ['https.Server', https.Server],
    ['zlib.Gzip', zlib.createGzip().constructor],
    ['zlib.BrotliDecompress', zlib.createBrotliDecompress().constructor],
  ];
  for (const [name, constructor] of classes) {
    assert.equal(typeNameOf((constructor as { readonly prototype: object }).prototype), name);
  }
});

test("type name: a class of the app with the name of one of Node's is the app's", () => {
  class ReadStream extends stream.Readable {}
  class Gzip extends (zlib.createGzip().constructor as typeof stream.Transform) {}
  class WebSocket extends stream.Duplex {}
  class promises extends stream.Duplex {}
  for (const { prototype } of [ReadStream, Gzip, WebSocket, promises]) {
    assert.doesNotMatch(typeNameOf(prototype), /^(?:fs|zlib|http|stream)\./);
  }
});
