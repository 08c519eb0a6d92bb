import type { OpRow } from '../../../../src/training/ops/row';
import { allocateFloats, floats, fromElements } from '../../../../src/training/ops/tensors';

/** x @ w.T + b for rank 2, by plain loops: the executor's tests stand on their own. */
export const NAIVE_LINEAR: OpRow<'linear'> = {
  forward([x, w, b]) {
    const [n, i, o] = [x!.shape[0], x!.shape[1]!, w!.shape[0]];
    const y = allocateFloats([n, o]);
    const [from, weight, bias, to] = [floats(x!), floats(w!), floats(b!), floats(y)];
    for (let r = 0; r < n; r++)
      for (let c = 0; c < o; c++) {
        let sum = bias[c]!;
        for (let k = 0; k < i; k++) sum += from[r * i + k]! * weight[c * i + k]!;
        to[r * o + c] = sum;
      }
    return { outputs: [y] };
  },
  backward({ inputs: [x, w], outputGradients: [dy] }) {
    const [n, i, o] = [x!.shape[0], x!.shape[1]!, w!.shape[0]];
    const [dx, dw, db] = [new Float64Array(n * i), new Float64Array(o * i), new Float64Array(o)];
    const [from, weight, gradient] = [floats(x!), floats(w!), floats(dy!)];
    for (let r = 0; r < n; r++)
      for (let c = 0; c < o; c++) {
        const g = gradient[r * o + c]!;
        db[c]! += g;
        for (let k = 0; k < i; k++) {
          dx[r * i + k]! += g * weight[c * i + k]!;
          dw[c * i + k]! += g * from[r * i + k]!;
        }
      }
    return [fromElements(dx, [n, i]), fromElements(dw, [o, i]), fromElements(db, [o])];
  },
};
