import type { Kind } from '../lifetime/kind.ts';
import type { Frame } from '../lifetime/site.ts';
import type { Charge } from './detector.ts';

/** Who owns whom: of several charges with one cause the highest is told. */
const rank: Readonly<Record<Kind, number>> = {
  generator: 90,
  lease: 85,
  client: 80,
  worker: 75,
  process: 74,
  stream: 60,
  web_stream: 58,
  'http.response_body': 56,
  file: 54,
  timer: 50,
  listener: 46,
  task: 44,
  socket: 40,
  queue: 35,
  collection: 34,
  'http.request': 30,
  'http.connection': 20,
  context: 10,
  heap: 5,
};

/**
 * One cause, one finding. A generator, the client it made and the client's socket all stand when the generator is
 * left: charges at the same line, or whose stack passes through the line of another charge, belong to that one.
 */
export function causesOf(charges: Iterable<Charge>): Charge[] {
  const ranked = [...charges].sort(
    (a, b) => rank[b.suspicion.kind] - rank[a.suspicion.kind] || b.suspicion.count - a.suspicion.count,
  );
  const causes: Charge[] = [];
  const claimed = new Set<string>();
  for (const charge of ranked) {
    const { site } = charge.suspicion;
    if (site !== null && site.frames.some((frame) => claimed.has(lineOf(frame)))) continue;
    causes.push(charge);
    if (site !== null) claimed.add(lineOf(site.frame));
  }
  return causes;
}

const lineOf = ({ file, line }: Frame): string => `${file}:${line}`;
