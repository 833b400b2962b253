// The provider behind the gateway app: answers every chat with the same completion.
import http from 'node:http';

const completion = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: 'word '.repeat(200) }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 12, completion_tokens: 200, total_tokens: 212 },
});
const server = http.createServer((request, response) => {
  request.resume().on('end', () => response.setHeader('content-type', 'application/json').end(completion));
});
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
