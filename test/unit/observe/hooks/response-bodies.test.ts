import assert from 'node:assert/strict';
import http, { type IncomingMessage } from 'node:http';
import { suite, test } from 'node:test';
import { responseBodies } from '../../../../src/observe/hooks/response-bodies.ts';
import { observed } from '../observed.ts';
import { type Upstream, until, upstream } from '../upstream.ts';

type Sut = ReturnType<typeof observed>;

const responseTo = (url: string, agent: http.Agent) =>
  new Promise<IncomingMessage>((resolve, reject) => http.get(url, { agent }, resolve).on('error', reject));

async function withClients(body: (sut: Sut, server: Upstream, agent: http.Agent) => Promise<void>): Promise<void> {
  const server = await upstream();
  const agent = new http.Agent({ keepAlive: true });
  const sut = observed({ hooks: [responseBodies] });
  try {
    await body(sut, server, agent);
  } finally {
    sut.detach();
    agent.destroy();
    server.close();
  }
}

async function requestsOver(sut: Sut, rounds: number, handler: () => Promise<unknown>): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await sut.inRequest('GET /proxy', handler);
    sut.sweep(8);
  }
}

suite('response bodies hook', () => {
  test('responses that nobody reads are accused at the line of the call, and resolved once they are', () =>
    withClients(async (sut, { url }, agent) => {
      const kept: IncomingMessage[] = [];
      await requestsOver(sut, 48, async () => void kept.push(await responseTo(`${url}/small`, agent)));
      const [suspicion] = sut.suspicions();
      assert.equal(suspicion?.kind, 'http.response_body');
      assert.equal(suspicion?.resourceType, 'http.IncomingMessage');
      assert.match(suspicion?.site?.frame.file ?? '', /response-bodies\.test\.ts$/);
      for (const response of kept) response.resume();
      await until(() => kept.every((response) => response.readableEnded));
      sut.sweep();
      assert.deepEqual(sut.suspicions(), []);
      assert.equal(sut.tally('http.response_body').open, 0);
    }));

  test('responses that are read, resumed or destroyed are silent', () =>
    withClients(async (sut, { url }, agent) => {
      await requestsOver(sut, 28, async () => {
        for await (const _ of await responseTo(`${url}/big`, agent));
        (await responseTo(`${url}/small`, agent)).resume();
        (await responseTo(`${url}/endless`, agent)).destroy();
        http.get(`${url}/small`, { agent }).on('error', () => {});
      });
      await until(() => (sut.sweep(), sut.tally('http.response_body').open === 0));
      assert.deepEqual(sut.suspicions(), []);
    }));

  test('an unread response whose connection is gone holds nothing', () =>
    withClients(async (sut, { url }, agent) => {
      const response = await sut.inRequest('GET /proxy', async () => responseTo(`${url}/small`, agent));
      await until(() => response.complete);
      sut.sweep();
      assert.equal(sut.tally('http.response_body').open, 1);
      response.socket.destroy();
      sut.sweep();
      assert.equal(sut.tally('http.response_body').open, 0);
    }));
});
