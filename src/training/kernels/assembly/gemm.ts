// Matrix product with any strides, in blocks that fit the caches and 4 x 8 register tiles.
import { COLUMNS, packLeft, packRight, ROWS } from './pack';
import { at, multiplyAdd } from './vector';

/** Block sizes: left blocks of 64 x 256 (64 KB), right blocks of 256 x 512 (512 KB). */
const BLOCK_M = 64;
const BLOCK_K = 256;
const BLOCK_N = 512;

/** Bytes of scratch memory that `gemm` wants. */
export function gemmScratch(): i32 {
  return 4 * (BLOCK_M * BLOCK_K + BLOCK_K * BLOCK_N + ROWS * COLUMNS);
}

/** One 4 x 8 tile: c = (accumulate ? c : 0) + left panel x right panel. `rightStep` and `cStride` count bytes. */
function tile(left: usize, right: usize, rightStep: usize, k: i32, c: usize, cStride: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0),
    c01 = f32x4.splat(0),
    c10 = f32x4.splat(0),
    c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0),
    c21 = f32x4.splat(0),
    c30 = f32x4.splat(0),
    c31 = f32x4.splat(0);
  for (let p = 0; p < k; p++) {
    const b0 = v128.load(right);
    const b1 = v128.load(right, 16);
    let a = v128.load32_splat(left);
    c00 = multiplyAdd(a, b0, c00);
    c01 = multiplyAdd(a, b1, c01);
    a = v128.load32_splat(left, 4);
    c10 = multiplyAdd(a, b0, c10);
    c11 = multiplyAdd(a, b1, c11);
    a = v128.load32_splat(left, 8);
    c20 = multiplyAdd(a, b0, c20);
    c21 = multiplyAdd(a, b1, c21);
    a = v128.load32_splat(left, 12);
    c30 = multiplyAdd(a, b0, c30);
    c31 = multiplyAdd(a, b1, c31);
    left += 16;
    right += rightStep;
  }
  const r1 = c + cStride;
  const r2 = r1 + cStride;
  const r3 = r2 + cStride;
  if (accumulate) {
    c00 = f32x4.add(c00, v128.load(c));
    c01 = f32x4.add(c01, v128.load(c, 16));
    c10 = f32x4.add(c10, v128.load(r1));
    c11 = f32x4.add(c11, v128.load(r1, 16));
    c20 = f32x4.add(c20, v128.load(r2));
    c21 = f32x4.add(c21, v128.load(r2, 16));
    c30 = f32x4.add(c30, v128.load(r3));
    c31 = f32x4.add(c31, v128.load(r3, 16));
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(r1, c10);
  v128.store(r1, c11, 16);
  v128.store(r2, c20);
  v128.store(r2, c21, 16);
  v128.store(r3, c30);
  v128.store(r3, c31, 16);
}

/** The part of a tile that lies inside c. */
function storeEdge(edge: usize, c: usize, cStride: usize, rows: i32, columns: i32, accumulate: bool): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const target = c + <usize>i * cStride + at(j);
      const value = load<f32>(edge + at(i * COLUMNS + j));
      store<f32>(target, accumulate ? load<f32>(target) + value : value);
    }
  }
}

/** Columns filled up to whole panels. */
function panels(n: i32): i32 {
  return (n + COLUMNS - 1) & ~(COLUMNS - 1);
}

/** Floats that `packMatrix` writes for b[k, n]. */
export function packedSize(k: i32, n: i32): i32 {
  return k * panels(n);
}

/** b[k, n] packed whole, for products that use it again and again (`gemmPacked`). */
export function packMatrix(b: usize, bRow: i32, bColumn: i32, k: i32, n: i32, to: usize): void {
  for (let jc = 0; jc < n; jc += BLOCK_N) {
    const nc = min(BLOCK_N, n - jc);
    for (let pc = 0; pc < k; pc += BLOCK_K) {
      const kc = min(BLOCK_K, k - pc);
      packRight(b + at(pc * bRow + jc * bColumn), bRow, bColumn, kc, nc, to + at(jc * k + pc * panels(nc)));
    }
  }
}

/**
 * c[m, n] = (accumulate ? c : 0) + a[m, k] x b[k, n]. Strides count elements; c's columns are contiguous.
 * With k = 0 an unaccumulated c becomes zero.
 */
export function gemm(
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  c: usize,
  cRow: i32,
  m: i32,
  n: i32,
  k: i32,
  accumulate: i32,
  scratch: usize,
): void {
  multiply(a, aRow, aColumn, b, bRow, bColumn, 0, c, cRow, m, n, k, accumulate, scratch);
}

/** `gemm` with a right operand that `packMatrix` made. */
export function gemmPacked(
  a: usize,
  aRow: i32,
  aColumn: i32,
  packed: usize,
  c: usize,
  cRow: i32,
  m: i32,
  n: i32,
  k: i32,
  accumulate: i32,
  scratch: usize,
): void {
  multiply(a, aRow, aColumn, 0, 0, 0, packed, c, cRow, m, n, k, accumulate, scratch);
}

function multiply(
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  packed: usize,
  c: usize,
  cRow: i32,
  m: i32,
  n: i32,
  k: i32,
  accumulate: i32,
  scratch: usize,
): void {
  const left = scratch;
  const own = left + at(BLOCK_M * BLOCK_K);
  const edge = own + at(BLOCK_K * BLOCK_N);
  const cStride = at(cRow);
  if (k == 0 && !accumulate) {
    for (let i = 0; i < m; i++) memory.fill(c + <usize>i * cStride, 0, at(n));
    return;
  }
  // A right operand that is read once or twice is not worth packing.
  const direct = m <= 2 * ROWS && bColumn == 1;
  for (let jc = 0; jc < n; jc += BLOCK_N) {
    const nc = min(BLOCK_N, n - jc);
    for (let pc = 0; pc < k; pc += BLOCK_K) {
      const kc = min(BLOCK_K, k - pc);
      const add = accumulate != 0 || pc > 0;
      const source = b + at(pc * bRow + jc * bColumn);
      const whole = nc & ~(COLUMNS - 1);
      const right = packed ? packed + at(jc * k + pc * panels(nc)) : own;
      if (!packed) {
        if (!direct) packRight(source, bRow, bColumn, kc, nc, right);
        else if (whole < nc) packRight(source + at(whole), bRow, 1, kc, nc - whole, right + at(whole * kc));
      }
      for (let ic = 0; ic < m; ic += BLOCK_M) {
        const mc = min(BLOCK_M, m - ic);
        packLeft(a + at(ic * aRow + pc * aColumn), aRow, aColumn, mc, kc, left);
        for (let j = 0; j < nc; j += COLUMNS) {
          const columns = min(COLUMNS, nc - j);
          const fromSource = direct && columns == COLUMNS;
          const panel = fromSource ? source + at(j) : right + at(j * kc);
          const step: usize = fromSource ? at(bRow) : 32;
          for (let i = 0; i < mc; i += ROWS) {
            const rows = min(ROWS, mc - i);
            const target = c + <usize>(ic + i) * cStride + at(jc + j);
            if (rows == ROWS && columns == COLUMNS) {
              tile(left + at(i * kc), panel, step, kc, target, cStride, add);
            } else {
              tile(left + at(i * kc), panel, step, kc, edge, 32, false);
              storeEdge(edge, target, cStride, rows, columns, add);
            }
          }
        }
      }
    }
  }
}
