import { operand } from '../kernels/rows';
import { lanesOf } from './lanes';
import type { OpRow, OpRows, RowContext } from './row';
import { allocateOutput, elements, floats, zeros } from './tensors';

/** Outputs (values, indices) of each lane put in order; equal elements keep theirs, NaN counts as the largest. */
function ordered<O extends 'topK' | 'sort'>(
  axisOf: (context: RowContext<O>) => number,
  descends: (context: RowContext<O>) => boolean,
): OpRow<O> {
  return {
    forward(inputs, context) {
      const x = operand(inputs, 0);
      const [values, indices] = [allocateOutput(context.outputValues), allocateOutput(context.outputValues, 1)];
      const [from, toValues, toIndices] = [elements(x), elements(values), elements(indices)];
      const lanes = lanesOf(x.shape, axisOf(context));
      const kept = lanesOf(values.shape, axisOf(context));
      const starts: number[] = [];
      kept.forEach((start) => starts.push(start));
      const sign = descends(context) ? -1 : 1;
      lanes.forEach((start, lane) => {
        const at = (place: number): number => from[start + place * lanes.stride] ?? 0;
        const places = Array.from({ length: lanes.length }, (_, place) => place);
        places.sort((a, b) => sign * compare(at(a), at(b)) || a - b);
        for (let k = 0, i = starts[lane] ?? 0; k < kept.length; k++, i += kept.stride) {
          toIndices[i] = places[k] ?? 0;
          toValues[i] = at(places[k] ?? 0);
        }
      });
      return { outputs: [values, indices] };
    },
    backward({ inputs, outputs, outputGradients: [dy] }, context) {
      if (!dy) return [null];
      const dx = zeros(operand(inputs, 0).shape);
      const [gradient, places, to] = [floats(dy), elements(operand(outputs, 1)), floats(dx)];
      const lanes = lanesOf(dx.shape, axisOf(context));
      const kept = lanesOf(dy.shape, axisOf(context));
      const starts: number[] = [];
      lanes.forEach((start) => starts.push(start));
      kept.forEach((start, lane) => {
        for (let k = 0, i = start; k < kept.length; k++, i += kept.stride) {
          to[(starts[lane] ?? 0) + (places[i] ?? 0) * lanes.stride] = gradient[i] ?? 0;
        }
      });
      return [dx];
    },
  };
}

function compare(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a - b;
}

export const ORDERING_ROWS = {
  topK: ordered<'topK'>(
    ({ node }) => node.attributes.axis,
    ({ node }) => node.attributes.largest,
  ),
  sort: ordered<'sort'>(
    ({ node }) => node.attributes.axis,
    ({ node }) => node.attributes.descending,
  ),
} satisfies OpRows;
