import { scalarToNumber } from '../../graph/scalar';
import type { OpRows } from './row';
import { allocateOutput, elements } from './tensors';

/** Nodes without inputs. `input` and `parameter` have no row: the executor feeds them. */
export const SOURCE_ROWS = {
  constant: {
    forward(_, { node, outputValues }) {
      const tensor = allocateOutput(outputValues);
      const target = elements(tensor);
      const { values } = node.attributes;
      if (values.length === 1) target.fill(scalarToNumber(values[0] ?? 0));
      else values.forEach((scalar, i) => (target[i] = scalarToNumber(scalar)));
      return { outputs: [tensor] };
    },
    backward: null,
  },

  random: {
    forward(_, { node, outputValues, draws }) {
      const { distribution, draw } = node.attributes;
      const tensor = allocateOutput(outputValues);
      elements(tensor).set(draws.draw(distribution, draw, tensor.size));
      return { outputs: [tensor] };
    },
    backward: null,
  },
} satisfies OpRows;
