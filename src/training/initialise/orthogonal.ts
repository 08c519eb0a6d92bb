import type { Random } from '../random';

/**
 * Orthonormal rows or columns, whichever are fewer, times `gain` (Saxe, McClelland and Ganguli 2014).
 *
 * PyTorch and Keras both factor a tall Gaussian matrix as QR and multiply Q by the signs of R's diagonal, which makes
 * the diagonal positive and Q unique: exactly what Gram-Schmidt gives. Vectors are orthogonalised twice, which
 * suffices for full float64 orthogonality ("twice is enough", Giraud et al. 2005).
 *
 * @param rows rows of the matrix as which the `size` elements are seen in C order
 */
export function orthogonal(size: number, rows: number, gain: number, random: Random): Float32Array {
  const columns = size / rows;
  if (!Number.isInteger(columns)) throw new Error(`${size} elements do not make a matrix of ${rows} rows`);
  const count = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const vector = Float64Array.from({ length }, () => random.normal());
    const before = Math.sqrt(dot(vector, vector));
    for (let pass = 0; pass < 2; pass++) for (const other of basis) subtract(vector, other, dot(vector, other));
    const norm = Math.sqrt(dot(vector, vector));
    // A draw inside the span of the others is drawn again (probability zero, but division by rounding noise is worse).
    if (norm < 1e-10 * before) continue;
    for (let i = 0; i < length; i++) vector[i] = (vector[i] ?? 0) / norm;
    basis.push(vector);
  }
  const elements = new Float32Array(size);
  const across = rows < columns ? columns : 1;
  const along = rows < columns ? 1 : columns;
  basis.forEach((vector, j) => {
    for (let i = 0; i < length; i++) elements[j * across + i * along] = gain * (vector[i] ?? 0);
  });
  return elements;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function subtract(target: Float64Array, other: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) - factor * (other[i] ?? 0);
}
