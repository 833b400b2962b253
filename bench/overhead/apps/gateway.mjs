// A request is passed on to an upstream by fetch; its JSON answer comes back with a price.
import Fastify from 'fastify';

const upstream = process.env.BENCH_UPSTREAM;
const app = Fastify({ keepAliveTimeout: 600_000 });

app.post('/v1/chat/completions', async (request) => {
  const answer = await fetch(upstream, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...request.body, user: 'bench' }),
  });
  const completion = await answer.json();
  return { ...completion, price: completion.usage.total_tokens * 0.002 };
});

await app.listen({ port: 0, host: '127.0.0.1' });
console.log(app.server.address().port);
