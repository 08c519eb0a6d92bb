import type { Tensor } from '@tensorflow/tfjs-core';
import { heap } from '../kernels/heap';
import { emptyKept, type Extent, Layer } from '../kernels/recurrence/layer';
import type { Masks } from '../kernels/recurrence/masks';
import {
  inputGradient,
  processing,
  restored,
  runBackward,
  runForward,
  weightGradients,
} from '../kernels/recurrence/sequence';
import { type Attributes, GateWeights } from '../kernels/recurrence/weights';
import { forwardScope, operand, scoped } from '../kernels/rows';
import type { OpRow, OpRows } from './row';

interface Parts {
  starts: Tensor[];
  masks: Masks;
  weights: Tensor[];
  /** Where the weights begin among the inputs. */
  first: number;
}

/** The given initial states, the masks and the weights behind x. */
function parts(inputs: readonly Tensor[], attributes: Attributes): Parts {
  const starts = attributes.initialState ? (attributes.cell === 'lstm' ? 2 : 1) : 0;
  const [hasInput, hasRecurrent] = [attributes.inputMask === true, attributes.recurrentMask === true];
  const behind = 1 + starts + (hasInput ? 1 : 0);
  const first = behind + (hasRecurrent ? 1 : 0);
  return {
    starts: inputs.slice(1, 1 + starts),
    masks: {
      input: hasInput ? operand(inputs, 1 + starts) : null,
      recurrent: hasRecurrent ? operand(inputs, behind) : null,
    },
    weights: inputs.slice(first),
    first,
  };
}

function extentOf(x: Tensor, { hidden }: Attributes): Extent {
  const [batch = 1, steps = 1, features = 1] = x.shape;
  return { steps, batch, features, hidden };
}

/** A copy of block `index` of [blocks, N, H]. */
function blockAt(tensor: Tensor, index: number): Tensor {
  const backend = heap();
  const [, batch = 1, hidden = 1] = tensor.shape;
  const result = backend.allocate([batch, hidden]);
  const size = batch * hidden;
  backend.floats(result).set(backend.floats(tensor).subarray(index * size, (index + 1) * size));
  return result;
}

/** A copy of [blocks, N, H] without its first block. */
function withoutFirst(tensor: Tensor): Tensor {
  const backend = heap();
  const [blocks = 1, batch = 1, hidden = 1] = tensor.shape;
  const result = backend.allocate([blocks - 1, batch, hidden]);
  backend.floats(result).set(backend.floats(tensor).subarray(batch * hidden));
  return result;
}

/**
 * One direction of one recurrent layer over the whole sequence. The sequence of states stands in the order of x also where
 * the layer runs backward; the last states are those after the last step processed.
 */
const recurrent: OpRow<'recurrent'> = {
  forward: (inputs, { node: { attributes } }) =>
    forwardScope(() => {
      const backend = heap();
      const input = operand(inputs, 0);
      const extent = extentOf(input, attributes);
      const { starts, masks, weights } = parts(inputs, attributes);
      const kept = emptyKept(attributes, extent, processing(input, attributes.reverse));
      const [state, memory] = starts;
      if (state !== undefined) backend.floats(kept.states).set(backend.floats(state));
      if (memory !== undefined) backend.floats(kept.memory).set(backend.floats(memory));
      runForward(new Layer(attributes, extent, new GateWeights(attributes, weights), kept, masks));
      const outputs = [restored(withoutFirst(kept.states), attributes.reverse), blockAt(kept.states, extent.steps)];
      if (attributes.cell === 'lstm') outputs.push(blockAt(kept.memory, extent.steps));
      return { outputs, saved: [kept.x, kept.gates, kept.states, kept.memory, kept.extra] };
    }),

  backward: ({ inputs, saved, outputGradients, wanted }, { node: { attributes }, onStateGradients }) =>
    scoped(
      () => {
        if (outputGradients.every((gradient) => gradient === null)) return inputs.map(() => null);
        const extent = extentOf(operand(inputs, 0), attributes);
        const { starts, masks, weights, first } = parts(inputs, attributes);
        const [x, gates, states, memory, extra] = [0, 1, 2, 3, 4].map((i) => operand(saved, i)) as [
          Tensor,
          Tensor,
          Tensor,
          Tensor,
          Tensor,
        ];
        const kept = { x, gates, states, memory, extra };
        const layer = new Layer(attributes, extent, new GateWeights(attributes, weights), kept, masks);
        const [sequence = null, state = null, last = null] = outputGradients;
        const found = runBackward(layer, {
          sequence: sequence === null ? null : processing(sequence, attributes.reverse),
          state,
          memory: last,
        });
        onStateGradients?.(attributes.reverse ? found.log2Rms.toReversed() : found.log2Rms);
        const wantsWeights = wanted.slice(first).includes(true);
        const own = wantsWeights ? weightGradients(layer, found) : [];
        return inputs.map((_, index) => {
          if (wanted[index] !== true) return null;
          if (index === 0) return restored(inputGradient(layer, found), attributes.reverse);
          if (index <= starts.length) return index === 1 ? found.state : found.memory;
          // Masks are drawn, not learnt.
          if (index < first) return null;
          return own[index - first] ?? null;
        });
      },
      (gradients) => gradients.filter((gradient) => gradient !== null),
    ),
};

export const RECURRENT_ROWS = { recurrent } satisfies OpRows;
