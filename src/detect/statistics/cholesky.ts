/**
 * The lower triangle whose product with itself is the Gram matrix of the rows. With y as the last row its last diagonal
 * entry is the length of what least squares leave of y, and the others of that row over their pivots lead to the
 * coefficients (Golub & Van Loan, Matrix Computations, 5.3.2).
 */
export function choleskyOf(rows: readonly (readonly number[])[]): number[][] {
  const root: number[][] = [];
  for (const [i, row] of rows.entries()) {
    const made: number[] = [];
    for (let j = 0; j <= i; j++) {
      let sum = dot(row, rows[j] ?? []);
      for (let k = 0; k < j; k++) sum -= (made[k] ?? 0) * ((j === i ? made : root[j])?.[k] ?? 0);
      // a row that is made of those before it keeps a little of its own length, so that nothing is divided by 0
      made.push(j === i ? Math.sqrt(Math.max(sum, 1e-18 * dot(row, row))) : sum / (root[j]?.[j] ?? NaN));
    }
    root.push(made);
  }
  return root;
}

/** The squared distance between y and the closest sum of multiples of the columns. */
export function leftOver(columns: readonly (readonly number[])[], y: readonly number[]): number {
  const rest =
    choleskyOf([...columns, y])
      .at(-1)
      ?.at(-1) ?? NaN;
  return rest * rest;
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
