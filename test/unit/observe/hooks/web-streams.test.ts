import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { webStreams } from '../../../../src/observe/hooks/web-streams.ts';
import { collectGarbage, observed } from '../observed.ts';

type Sut = ReturnType<typeof observed>;

const numbers = (count = Infinity) => {
  let n = 0;
  return new ReadableStream<number>({
    pull: (controller) => (n < count ? controller.enqueue(n++) : controller.close()),
  });
};

const methodOf = (name: PropertyKey): unknown => Object.getOwnPropertyDescriptor(ReadableStream.prototype, name)?.value;
const shapes = () =>
  [ReadableStream, WritableStream, ReadableStreamDefaultReader, ReadableStreamBYOBReader].flatMap(({ prototype }) =>
    Reflect.ownKeys(prototype).map((key) => Object.getOwnPropertyDescriptor(prototype, key)),
  );

async function withWebStreams(body: (sut: Sut) => Promise<void>): Promise<void> {
  const sut = observed({ hooks: [webStreams] });
  try {
    await body(sut);
  } finally {
    sut.detach();
  }
}

async function requestsOver(sut: Sut, rounds: number, handler: () => unknown): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await sut.inRequest('GET /stream', handler);
    sut.sweep(8);
  }
}

suite('web streams hook', () => {
  test('a reader that is dropped after its first chunk is accused at the line that took it, and resolved when cancelled', () =>
    withWebStreams(async (sut) => {
      const kept: ReadableStreamDefaultReader<number>[] = [];
      await requestsOver(sut, 48, async () => {
        const reader = numbers().getReader();
        kept.push(reader);
        await reader.read();
      });
      const [suspicion] = sut.suspicions();
      assert.equal(suspicion?.type, 'unreleased_stream');
      assert.equal(suspicion?.resourceType, 'ReadableStream');
      assert.match(suspicion?.site?.frame.file ?? '', /web-streams\.test\.ts$/);
      assert.match(suspicion?.advice ?? '', /cancel\(\)/);
      await Promise.all(kept.map(async (reader) => reader.cancel()));
      sut.sweep();
      assert.deepEqual(sut.suspicions(), []);
      assert.equal(sut.tally('web_stream').open, 0);
    }));

  test('of a stream that was split the branch that nobody reads is accused', () =>
    withWebStreams(async (sut) => {
      const kept: unknown[] = [];
      await requestsOver(sut, 28, async () => {
        const [read, unread] = numbers(3).tee();
        kept.push(unread);
        for await (const _ of read);
      });
      assert.equal(sut.suspicions().length, 1);
      assert.equal(sut.suspicions()[0]?.count, 28 - 2);
    }));

  test('a writer that is never closed is accused', () =>
    withWebStreams(async (sut) => {
      const kept: unknown[] = [];
      await requestsOver(sut, 48, async () => {
        const writer = new WritableStream<number>().getWriter();
        kept.push(writer);
        await writer.write(1);
      });
      assert.equal(sut.suspicions()[0]?.resourceType, 'WritableStream');
    }));

  test('streams that are read, left by break, piped, cancelled or broken are silent, however they are kept', () =>
    withWebStreams(async (sut) => {
      const kept: unknown[] = [];
      const keep = (stream: ReadableStream<number>) => (kept.push(stream), stream);
      await requestsOver(sut, 14, async () => {
        for await (const _ of keep(numbers(3)));
        for await (const _ of keep(numbers()).values()) break;
        await keep(numbers(3)).pipeTo(new WritableStream());
        for await (const _ of keep(numbers(3)).pipeThrough(new TransformStream<number, number>()));
        const reader = keep(numbers()).getReader();
        await reader.read();
        await reader.cancel();
        const broken = keep(new ReadableStream({ pull: () => Promise.reject(new Error('broken')) }));
        await assert.rejects(broken.getReader().read());
        await new Response(keep(numbers(0)).pipeThrough(new TransformStream<number, Uint8Array>())).text();
        await new Blob(['text']).text();
      });
      assert.deepEqual(sut.suspicions(), []);
      assert.equal(sut.tally('web_stream').open, 0);
      assert.equal(sut.tally('web_stream').errored, 14);
    }));

  test('streams that are read on after their request are in use', () =>
    withWebStreams(async (sut) => {
      const reads: (() => Promise<unknown>)[] = [];
      for (let round = 0; round < 80; round++) {
        await sut.inRequest('GET /stream', () => {
          const reader = numbers().getReader();
          const iterator = numbers().values();
          reads.push(
            () => reader.read(),
            () => iterator.next(),
          );
        });
        for (const read of reads) await read();
        sut.sweep();
      }
      assert.deepEqual(sut.suspicions(), []);
    }));

  test('streams that only Node takes hold of, inside its own calls, are not followed', () =>
    withWebStreams(async (sut) => {
      const kept: unknown[] = [];
      await requestsOver(sut, 14, async () => {
        const response = await fetch('data:text/plain,hello', { method: 'GET' });
        kept.push(
          response,
          response.clone(),
          new Request('http://127.0.0.1/', { method: 'POST', body: 'text' }).clone(),
        );
        await response.text();
      });
      assert.equal(sut.tally('web_stream').opened, 0);
    }));

  test('of a busy app a sample is followed, some each sweep', () =>
    withWebStreams(async (sut) => {
      for (let sweep = 1; sweep <= 3; sweep++) {
        for (let i = 0; i < 2000; i++) void numbers().getReader();
        const { opened } = sut.tally('web_stream');
        assert.ok(opened >= 128 * sweep && opened <= 256 * sweep, `${opened} of ${2000 * sweep}`);
        sut.sweep();
      }
    }));

  test('a stream that is dropped half read is collected and only counted', () =>
    withWebStreams(async (sut) => {
      for (let i = 0; i < 8; i++)
        await sut.inRequest('GET /stream', async () => void (await numbers().getReader().read()));
      sut.sweep(2);
      await collectGarbage();
      sut.sweep();
      assert.deepEqual(sut.suspicions(), []);
      assert.ok(sut.tally('web_stream').abandoned >= 7);
    }));

  test('detach puts every method back, descriptors and identities', () => {
    const before = shapes();
    const sut = observed({ hooks: [webStreams] });
    assert.notDeepEqual(shapes(), before);
    assert.equal(methodOf('values'), methodOf(Symbol.asyncIterator));
    assert.equal(numbers().constructor, ReadableStream);
    sut.detach();
    assert.deepEqual(shapes(), before);
  });
});
