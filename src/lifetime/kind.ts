/**
 * The kinds of things that get a lifetime: a closed set, the values of `outlive.resource.kind`.
 * A kind decides which finding is told of it and which advice is given; the type says what it is exactly.
 */
export const kinds = [
  'http.request',
  'http.connection',
  'http.response_body',
  'stream',
  'web_stream',
  'generator',
  'queue',
  'collection',
  'task',
  'timer',
  'listener',
  'client',
  'lease',
  'socket',
  'file',
  'worker',
  'process',
  'context',
  'heap',
] as const;

export type Kind = (typeof kinds)[number];
