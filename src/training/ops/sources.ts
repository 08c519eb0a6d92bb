import { scalarToNumber } from '../../graph/scalar';
import type { OpRows } from './row';
import { allocate, elements, fromElements } from './tensors';

/** Nodes without inputs. `input` and `parameter` have no row: the executor feeds them. */
export const SOURCE_ROWS = {
  constant: {
    forward(_, { node, outputValues: [value] }) {
      if (value === undefined) return { outputs: [] };
      const tensor = allocate(value);
      const target = elements(tensor);
      const { values } = node.attributes;
      if (values.length === 1) target.fill(scalarToNumber(values[0] ?? 0));
      else values.forEach((scalar, i) => (target[i] = scalarToNumber(scalar)));
      return { outputs: [tensor] };
    },
    backward: null,
  },

  random: {
    forward(_, { node, outputValues: [value], draws }) {
      if (value === undefined) return { outputs: [] };
      const { distribution, draw } = node.attributes;
      const tensor = fromElements([], value.shape);
      elements(tensor).set(draws.draw(distribution, draw, tensor.size));
      return { outputs: [tensor] };
    },
    backward: null,
  },
} satisfies OpRows;
