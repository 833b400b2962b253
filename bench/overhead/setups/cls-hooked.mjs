// Every request in a namespace of cls-hooked, as its users set it up.
import http from 'node:http';
import { createNamespace } from 'cls-hooked';

const namespace = createNamespace('bench');
const emit = Reflect.get(http.Server.prototype, 'emit');
http.Server.prototype.emit = function (event, ...args) {
  if (event !== 'request') return Reflect.apply(emit, this, [event, ...args]);
  for (const message of args) namespace.bindEmitter(message);
  return namespace.runAndReturn(() => Reflect.apply(emit, this, [event, ...args]));
};
