import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Agent, request } from 'undici';
import { fetchBodies } from '../../../../src/observe/hooks/fetch.ts';
import { observed } from '../observed.ts';
import { type Upstream, until, upstream } from '../upstream.ts';

type Sut = ReturnType<typeof observed>;

async function withFetch(body: (sut: Sut, server: Upstream) => Promise<void>): Promise<void> {
  const server = await upstream();
  const sut = observed({ hooks: [fetchBodies] });
  try {
    await body(sut, server);
  } finally {
    sut.detach();
    server.close();
  }
}

async function requestsOver(sut: Sut, rounds: number, handler: () => Promise<unknown>): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await sut.inRequest('GET /proxy', handler);
    sut.sweep(8);
  }
}

suite('fetch hook', () => {
  test('a fetched body that nobody reads is accused at the line of the call', () =>
    withFetch(async (sut, { url }) => {
      const kept: Response[] = [];
      await requestsOver(sut, 48, async () => void kept.push(await fetch(`${url}/big`)));
      const [suspicion] = sut.suspicions();
      assert.equal(suspicion?.kind, 'http.response_body');
      assert.equal(suspicion?.type, 'unreleased_stream');
      assert.equal(suspicion?.resourceType, 'undici.Response');
      assert.match(suspicion?.site?.frame.file ?? '', /fetch\.test\.ts$/);
      assert.match(suspicion?.advice ?? '', /cancel\(\)/);
      await Promise.all(kept.map(async (response) => response.body?.cancel()));
    }));

  test('a body of undici.request that nobody reads is accused too, and resolved once dumped', () =>
    withFetch(async (sut, { url }) => {
      const dispatcher = new Agent();
      const kept: { dump(): Promise<void> }[] = [];
      await requestsOver(sut, 48, async () => void kept.push((await request(`${url}/big`, { dispatcher })).body));
      assert.equal(sut.suspicions()[0]?.kind, 'http.response_body');
      for (const body of kept) await body.dump();
      sut.sweep();
      assert.deepEqual(sut.suspicions(), []);
      assert.equal(sut.tally('http.response_body').open, 0);
      await dispatcher.destroy();
    }));

  test('bodies that are read, cancelled or aborted are silent', () =>
    withFetch(async (sut, { url }) => {
      await requestsOver(sut, 28, async () => {
        await (await fetch(`${url}/big`)).arrayBuffer();
        await (await fetch(`${url}/small`)).text();
        await (await fetch(`${url}/big`)).body?.cancel();
        const aborting = new AbortController();
        await fetch(`${url}/endless`, { signal: aborting.signal });
        aborting.abort();
        await assert.rejects(fetch('http://127.0.0.1:1/nobody-listens'));
      });
      await until(() => (sut.sweep(), sut.tally('http.response_body').open === 0));
      assert.deepEqual(sut.suspicions(), []);
      assert.ok(sut.tally('http.response_body').errored >= 28);
    }));

  test('a body that still streams after its request is in use', () =>
    withFetch(async (sut, { url }) => {
      const readers: { read(): Promise<unknown>; cancel(): Promise<void> }[] = [];
      for (let round = 0; round < 60; round++) {
        if (round < 8) {
          await sut.inRequest('GET /proxy', async () => {
            const { body } = await fetch(`${url}/big`);
            if (body !== null) readers.push(body.getReader());
          });
        }
        for (const reader of readers) await reader.read();
        sut.sweep();
      }
      assert.deepEqual(sut.suspicions(), []);
      for (const reader of readers) await reader.cancel();
    }));

  test('what outlive itself sends is not seen', () =>
    withFetch(async (sut, { url }) => {
      await sut.observer.quietly(async () => (await fetch(`${url}/small`)).text());
      assert.equal(sut.tally('http.response_body').opened, 0);
    }));

  test('detach leaves no subscriber', async () => {
    const { channel } = await import('node:diagnostics_channel');
    const names = ['create', 'trailers', 'error'].map((name) => `undici:request:${name}`);
    const before = names.map((name) => channel(name).hasSubscribers);
    const sut = observed({ hooks: [fetchBodies] });
    assert.ok(names.every((name) => channel(name).hasSubscribers));
    sut.detach();
    assert.deepEqual(
      names.map((name) => channel(name).hasSubscribers),
      before,
    );
  });
});
