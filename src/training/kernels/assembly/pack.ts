// Packing for the matrix product: operands copied into panels that the micro-kernel reads front to back, edges filled with
// zeros. (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS 34, 2008.)
import { at, transposeBlock } from './vector';

/** Rows of a left panel. */
export const ROWS = 4;
/** Columns of a right panel. */
export const COLUMNS = 8;

/** A block of `m` x `k` floats to panels [m/4][k][4]. Strides count elements. */
export function packLeft(a: usize, rowStride: i32, columnStride: i32, m: i32, k: i32, to: usize): void {
  for (let i = 0; i < m; i += ROWS) {
    const rows = min(ROWS, m - i);
    const panel = to + at(i * k);
    const source = a + at(i * rowStride);
    if (rows == ROWS && columnStride == 1) {
      const whole = k & ~3;
      for (let p = 0; p < whole; p += 4) transposeBlock(source + at(p), at(rowStride), panel + at(p * 4), 16);
      for (let p = whole; p < k; p++) {
        for (let r = 0; r < 4; r++) store<f32>(panel + at(p * 4 + r), load<f32>(source + at(r * rowStride + p)));
      }
    } else if (rows == ROWS && rowStride == 1) {
      for (let p = 0; p < k; p++) v128.store(panel + at(p * 4), v128.load(source + at(p * columnStride)));
    } else {
      for (let p = 0; p < k; p++) {
        for (let r = 0; r < 4; r++) {
          const value = r < rows ? load<f32>(source + at(r * rowStride + p * columnStride)) : <f32>0;
          store<f32>(panel + at(p * 4 + r), value);
        }
      }
    }
  }
}

/** A block of `k` x `n` floats to panels [n/8][k][8]. Strides count elements. */
export function packRight(b: usize, rowStride: i32, columnStride: i32, k: i32, n: i32, to: usize): void {
  for (let j = 0; j < n; j += COLUMNS) {
    const columns = min(COLUMNS, n - j);
    const panel = to + at(j * k);
    const source = b + at(j * columnStride);
    if (columns == COLUMNS && columnStride == 1) {
      let from = source;
      let target = panel;
      for (let p = 0; p < k; p++) {
        v128.store(target, v128.load(from));
        v128.store(target, v128.load(from, 16), 16);
        from += at(rowStride);
        target += 32;
      }
    } else if (columns == COLUMNS && rowStride == 1) {
      const whole = k & ~3;
      for (let p = 0; p < whole; p += 4) {
        transposeBlock(source + at(p), at(columnStride), panel + at(p * 8), 32);
        transposeBlock(source + at(4 * columnStride + p), at(columnStride), panel + at(p * 8 + 4), 32);
      }
      for (let p = whole; p < k; p++) {
        for (let c = 0; c < 8; c++) store<f32>(panel + at(p * 8 + c), load<f32>(source + at(c * columnStride + p)));
      }
    } else {
      for (let p = 0; p < k; p++) {
        for (let c = 0; c < 8; c++) {
          const value = c < columns ? load<f32>(source + at(p * rowStride + c * columnStride)) : <f32>0;
          store<f32>(panel + at(p * 8 + c), value);
        }
      }
    }
  }
}
