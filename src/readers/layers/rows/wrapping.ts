import { Unreadable } from '../../unreadable';
import { batchOf, type LayerRow } from '../layer';

/** The inner layer on every time step: steps are folded into the batch. */
const timeDistributed: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs);
  const [batch = 1, steps = 1, ...rest] = x.shape;
  if (rest.length === 0)
    throw new Unreadable('shape-mismatch', 'TimeDistributed takes at least 3 dims: [batch, time, ...].');
  const inner = layer.inner('layer', layer.config.record('layer'));
  const folded = layer.b.reshape(x, [batch * steps, ...rest]);
  return inner
    .call([folded])
    .map((y) => layer.b.reshape(y, [batch, y.shape.length > 0 ? batchOf(y) / batch : steps, ...y.shape.slice(1)]));
};

export const WRAPPING_ROWS = { TimeDistributed: timeDistributed };
