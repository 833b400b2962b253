/** Which constants of a rule are no counts. */
export interface Uncounted<R> {
  /** Shares of a whole. */
  readonly shares: readonly (keyof R)[];
  /** What may be broken. */
  readonly factors?: readonly (keyof R)[];
}

/** All constants of a rule times a factor, counts as whole numbers and shares below 1: what hangs on one of them shows. */
export const scaled = <R extends { readonly [name in keyof R]: number }>(
  rule: R,
  factor: number,
  { shares, factors = [] }: Uncounted<R>,
): R => {
  const scaledConstant = (name: keyof R, value: number): number => {
    if (shares.includes(name)) return Math.min(0.9, value);
    return Math.max(1, factors.includes(name) ? value : Math.round(value));
  };
  const entries = Object.entries<number>(rule);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, scaledConstant(name as keyof R, value * factor)]),
  ) as R;
};
