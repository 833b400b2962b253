import http from 'node:http';

const server = http.createServer((_request, response) => response.end('hello world'));
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
