/** Numbers between 0 and 1 by a Lehmer generator, so that runs repeat. */
export function uniforms(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Normal ones, by Box-Muller. */
export function normals(seed: number): () => number {
  const uniform = uniforms(seed);
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Noise of deviation 1 of which each value keeps a share of the one before. */
export function remembering(memory: number, noise: () => number, length: number): number[] {
  let level = noise();
  return Array.from({ length }, () => (level = memory * level + Math.sqrt(1 - memory * memory) * noise()));
}
