// A request awaits a thousand times and does nothing else: what each await costs inside a request's scope.
import http from 'node:http';

const step = async (n) => n + 1;

const answer = async (response) => {
  let n = 0;
  for (let i = 0; i < 1000; i++) n = await step(n);
  response.end(String(n));
};

const server = http.createServer((_request, response) => void answer(response));
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
