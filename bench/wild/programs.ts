import { downloads, type Load, proxied, uploads } from './loads.ts';

/** A published program or library, started as its users start it. */
export interface Program {
  readonly packages: Readonly<Record<string, string>>;
  /** Arguments to node: files below `modules`, the folder `www` to serve, the port. */
  readonly args?: (at: { modules: string; www: string; port: string }) => readonly string[];
  /** For a library: a server of a few lines, as its README has it; `port`, `folder` and `upstream` are there. */
  readonly server?: string;
  readonly load: Load;
}

const express = { express: '4.21.2' };
const formServer = (middleware: string): string => `
  const app = require('express')();
  app.get('/', (request, response) => response.send('ok'));
  ${middleware}
  app.use((error, request, response, next) => response.status(400).send('no'));
  app.listen(port, '127.0.0.1');`;

const multerServer = formServer(`
  const upload = require('multer')({ dest: folder });
  app.post('/upload', upload.single('file'), (request, response) =>
    require('fs').unlink(request.file.path, () => response.send('ok')));`);

export const programs: Readonly<Record<string, Program>> = {
  serve: {
    packages: { serve: '14.2.7' },
    args: ({ modules, www, port }) => [`${modules}/serve/build/main.js`, '-l', `tcp://127.0.0.1:${port}`, www],
    load: downloads,
  },
  'sirv-cli': {
    packages: { 'sirv-cli': '3.0.1' },
    args: ({ modules, www, port }) => [`${modules}/sirv-cli/bin.js`, www, '-H', '127.0.0.1', '-p', port, '-q'],
    load: downloads,
  },
  multer: { packages: { ...express, multer: '1.4.5-lts.2' }, server: multerServer, load: uploads },
  'multer-2': { packages: { ...express, multer: '2.5.0' }, server: multerServer, load: uploads },
  'express-fileupload': {
    packages: { ...express, 'express-fileupload': '1.5.2' },
    server: formServer(`
      app.post('/upload', require('express-fileupload')({ useTempFiles: true, tempFileDir: folder }), (request, response) =>
        require('fs').unlink(request.files.file.tempFilePath, () => response.send('ok')));`),
    load: uploads,
  },
  'http-proxy': {
    packages: { 'http-proxy': '1.18.1' },
    server: `
      const proxy = require('http-proxy').createProxyServer({ target: upstream });
      proxy.on('error', (error, request, response) => response.end());
      require('http').createServer((request, response) => proxy.web(request, response)).listen(port, '127.0.0.1');`,
    load: proxied(),
  },
  'cors-anywhere': {
    packages: { 'cors-anywhere': '0.4.4' },
    server: `require('cors-anywhere').createServer({ requireHeader: ['origin'] }).listen(port, '127.0.0.1');`,
    load: proxied((upstream) => `/${upstream}`),
  },
};
