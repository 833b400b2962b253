import type { Agent } from 'node:http';
import type { Agent as SecureAgent, AgentOptions as SecureAgentOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

// asked for, not imported: to import `node:http` loads undici, HTTP/2 and Web Crypto into every app (2 MB)
const http = process.getBuiltinModule('node:http');
const { readFileSync } = process.getBuiltinModule('node:fs');

/** The certificates that the OTLP variables name, read as OpenTelemetry's own exporters read them. */
function certificates(signal: 'METRICS' | 'LOGS', env: Readonly<Record<string, string | undefined>>) {
  const read = (name: string): Buffer | undefined => {
    const path = env[`OTEL_EXPORTER_OTLP_${signal}_${name}`] || env[`OTEL_EXPORTER_OTLP_${name}`];
    return path === undefined || path === '' ? undefined : readFileSync(path);
  };
  const found = { ca: read('CERTIFICATE'), cert: read('CLIENT_CERTIFICATE'), key: read('CLIENT_KEY') };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** One export at a time needs no more; what hangs must not pile up. */
const maxSockets = 2;

/** Keeps its connection open between two exports, and never the process: an export under way must not delay its end. */
export function exportAgent(
  protocol: string,
  signal: 'METRICS' | 'LOGS',
  env: Readonly<Record<string, string | undefined>>,
): Agent | SecureAgent {
  return unheldAgent(protocol, { keepAlive: true, ...(protocol === 'https:' ? certificates(signal, env) : {}) });
}

/** An agent whose connections do not hold the process open. */
export function unheldAgent(protocol: string, options: SecureAgentOptions): Agent | SecureAgent {
  const agent =
    protocol === 'https:'
      ? new (process.getBuiltinModule('node:https').Agent)({ maxSockets, ...options })
      : new http.Agent({ maxSockets, ...options });
  const connect = agent.createConnection.bind(agent);
  const reuse = agent.reuseSocket.bind(agent);
  agent.createConnection = (...args) => unreferenced(connect(...args));
  agent.reuseSocket = (socket, request): void => {
    reuse(socket, request);
    unreferenced(socket);
  };
  return agent;
}

function unreferenced<T extends Duplex | null | undefined>(socket: T): T {
  (socket as Partial<Socket> | null | undefined)?.unref?.();
  return socket;
}
