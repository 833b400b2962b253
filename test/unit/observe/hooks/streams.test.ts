import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type Duplex, PassThrough, Readable, Stream, Transform, Writable, pipeline } from 'node:stream';
import { finished } from 'node:stream/promises';
import { inspect } from 'node:util';
import { createGzip } from 'node:zlib';
import { streams } from '../../../../src/observe/hooks/streams.ts';
import { collectGarbage, observed } from '../observed.ts';
import { until } from '../served.ts';

let app: ReturnType<typeof observed>;
beforeEach(() => {
  app = observed({ hooks: [streams] });
});
afterEach(() => {
  app.sweep();
  app.detach();
});
const tally = () => app.tally('stream');
const kept: Stream[] = [];
afterEach(() => void kept.splice(0));

describe('streams: a leak', () => {
  it('is told with its line: streams that requests leave open, one each', async () => {
    for (let i = 0; i < 80; i++) {
      await app.inRequest('GET /download', () => {
        kept.push(new PassThrough());
      });
      app.sweep(2);
    }
    app.sweep(32);
    const [suspicion, ...others] = app.suspicions();
    assert.equal(others.length, 0);
    assert.deepEqual(
      [suspicion?.type, suspicion?.resourceType, suspicion?.certainty, suspicion?.scopeName],
      ['unreleased_stream', 'stream.PassThrough', 'likely', 'GET /download'],
    );
    assert.match(suspicion?.site?.frame.file ?? '', /streams\.test\.ts$/);
    for (const stream of kept) stream.emit('nothing');
    for (const stream of kept) (stream as PassThrough).destroy();
    app.sweep();
    assert.deepEqual(app.suspicions(), [], 'ended at last: nothing stands');
  });

  it('is proof when a file stream is collected with its descriptor open', async () => {
    const opened = async (): Promise<number> => {
      const stream = fs.createReadStream(import.meta.filename);
      await new Promise((resolve) => stream.once('open', resolve));
      const { fd } = stream as unknown as { fd: number };
      stream.removeAllListeners();
      app.sweep();
      return fd;
    };
    const descriptors: number[] = [];
    for (let i = 0; i < 4; i++) descriptors.push(await opened());
    await collectGarbage();
    app.sweep();
    for (const fd of descriptors) fs.closeSync(fd);
    assert.equal(tally().abandoned, 4);
    assert.deepEqual(
      app.suspicions().map(({ certainty, detector }) => [certainty, detector]),
      [['certain', 'abandoned']],
    );
  });
});

describe('streams: the tally', () => {
  it('has one as released that was destroyed and collected between two looks', async () => {
    const streamed = (): void => {
      const stream = new PassThrough();
      app.sweep();
      stream.destroy();
    };
    streamed();
    await new Promise((resolve) => setImmediate(resolve));
    await collectGarbage();
    app.sweep();
    const { released, abandoned } = tally();
    assert.deepEqual({ released, abandoned }, { released: 1, abandoned: 0 });
  });
});

describe('streams: a look-alike that stays silent', () => {
  const ended: readonly (readonly [string, () => Stream | Promise<Stream>])[] = [
    ['read to its end', async () => finishedOf(Readable.from(['a', 'b']).resume())],
    ['written to its end', async () => finishedOf(new PassThrough().resume().end('a'))],
    ['destroyed', () => new Readable({ read: () => {} }).destroy()],
    ['closed as a file', async () => finishedOf(fs.createReadStream(import.meta.filename).resume())],
    ['compressed to its end', async () => finishedOf(createGzip().resume().end('a'))],
    ['used up by `for await`', async () => usedUp(Readable.from(['a', 'b']))],
    ['ended without autoDestroy', async () => finishedOf(new PassThrough({ autoDestroy: false }).resume().end('a'))],
  ];
  for (const [how, make] of ended) {
    it(`is a stream that is ${how} with its request`, async () => {
      kept.push(await app.inRequest('GET /ok', make));
      app.sweep();
      const { opened, released, open } = tally();
      assert.deepEqual({ opened, released, open }, { opened: 1, released: 1, open: 0 });
    });
  }

  it('is one of a pipeline, as often as it runs', async () => {
    for (let i = 0; i < 100; i++) {
      await app.inRequest('GET /ok', async () => {
        await new Promise<void>((resolve, reject) => {
          pipeline(
            Readable.from(['a']),
            createGzip(),
            new Writable({ write: (_chunk, _encoding, done) => done() }),
            (error) => (error ? reject(error) : resolve()),
          );
        });
      });
      app.sweep();
    }
    app.sweep(40);
    assert.equal(tally().open, 0);
    assert.deepEqual(app.suspicions(), []);
  });

  it('is one that broke: it counts as errored', async () => {
    await app.inRequest('GET /broken', async () => {
      const stream = new Readable({ read: () => {} });
      kept.push(stream);
      stream.on('error', () => {}).destroy(new Error('broken'));
      await until(() => stream.closed);
    });
    assert.deepEqual([tally().errored, tally().released, tally().open], [1, 0, 0]);
  });

  it('is one of stdio, whenever the app first looks at it', () => {
    const terminal = Object.assign(new PassThrough(), { _isStdio: true });
    app.sweep();
    assert.equal(tally().open, 0);
    terminal.destroy();
  });
});

describe('streams: what is counted', () => {
  it('a stream of readable-stream once, though its constructor passes twice', () => {
    // as Duplex of readable-stream 2 to 4 does: each half calls the constructor of the emitter
    function OldDuplex(this: Duplex): void {
      Object.assign(this, { _readableState: {}, _writableState: {} });
      EventEmitter.call(this);
      EventEmitter.call(this);
    }
    OldDuplex.prototype = Object.create(Stream.prototype, { _undestroy: { value: () => {} } }) as object;
    kept.push(Reflect.construct(OldDuplex, []) as Stream);
    assert.equal(tally().opened, 1);
  });

  it('no stream of the old sort, which has no state to tell its end by', () => {
    kept.push(new Stream());
    assert.equal(tally().opened, 0);
  });

  it('a class that is declared in each request as one type', async () => {
    for (let i = 0; i < 200; i++) {
      await app.inRequest('GET /upload', () => {
        class Upload extends Transform {}
        kept.push(new Upload());
      });
    }
    assert.equal(app.ledger.types.filter(({ name }) => name === 'Upload').length, 1);
  });

  it('the bytes that wait in its buffers, not the objects', () => {
    const bytes = new PassThrough();
    bytes.write(Buffer.alloc(700));
    const objects = new PassThrough({ objectMode: true });
    objects.write({});
    kept.push(bytes, objects);
    app.sweep();
    assert.equal(tally().bufferedBytes, 700);
  });

  it('what outlives its request and goes on moving bytes as adopted', async () => {
    await app.inRequest('GET /first', async () => {
      const file = fs.createWriteStream('/dev/null');
      kept.push(file);
      await new Promise((resolve) => file.once('open', resolve));
    });
    app.sweep(8);
    for (let i = 0; i < 4; i++) {
      await new Promise((resolve) => (kept[0] as fs.WriteStream).write('log', resolve));
      app.sweep();
    }
    app.sweep(60);
    const origins = app.ledger.types.flatMap((type) => [...type.origins]);
    assert.deepEqual(
      origins.map(({ adopted, standing }) => [adopted, standing]),
      [[1, 0]],
    );
    (kept[0] as fs.WriteStream).destroy();
  });
});

describe('streams: first do no harm', () => {
  it('shows nothing of itself on a stream', () => {
    const traits = (stream: Stream): unknown => [
      Reflect.ownKeys(stream),
      stream.eventNames(),
      inspect(stream, { showHidden: true, depth: 2 }),
    ];
    const withHook = traits(new PassThrough());
    app.sweep();
    app.detach();
    assert.deepEqual(withHook, traits(new PassThrough()));
  });

  it('keeps no stream alive past the next sweep', async () => {
    const ref = new WeakRef(new PassThrough());
    app.sweep();
    await collectGarbage();
    assert.equal(ref.deref(), undefined);
  });

  it('looks at a stream whose getters throw, and lets it go', () => {
    class Odd extends Readable {
      override _read(): void {}
      get bytesRead(): number {
        throw new Error('of the app');
      }
    }
    kept.push(new Odd());
    const nursery = app.ledger.openScope('request', 'GET *', undefined);
    app.observer.context.run(nursery, () => kept.push(new Odd()));
    app.ledger.endScope(nursery);
    app.sweep(40);
    assert.equal(tally().open, 0);
  });

  it('throws what the constructor throws', () => {
    assert.throws(() => new Readable({ highWaterMark: -1 }), /highWaterMark/);
  });
});

async function finishedOf(stream: Readable | Writable): Promise<Stream> {
  await finished(stream);
  return stream;
}
async function usedUp(stream: Readable): Promise<Stream> {
  for await (const _ of stream);
  return stream;
}
