import type { KernelCall, KernelRow } from './kernelCall';

type Reduction = 'sum' | 'mean' | 'max' | 'min' | 'prod' | 'any' | 'all';

const reduce =
  (op: Reduction): KernelRow =>
  (call) => {
    const axes = call.axes('axis', 'reductionIndices');
    const keepDims = call.config.flag('keepDims', false);
    if (axes.length === 0) return [call.b.reshape(call.x, call.shape)];
    return [call.b.emit(op, { axes, keepDims }, [call.x], call.shape, call.dtype)];
  };

const extreme =
  (op: 'argMax' | 'argMin'): KernelRow =>
  (call) => [call.b.emit(op, { axis: call.axis('axis'), keepDims: false }, [call.x], call.shape, 'int')];

const cumulative =
  (op: 'cumSum' | 'cumProd'): KernelRow =>
  (call) => {
    if (call.attributes['exclusive'] === true || call.attributes['reverse'] === true) throw call.refusal();
    return [call.b.emit(op, { axis: call.axis('axis') }, [call.x], call.x.shape, call.dtype)];
  };

const topK: KernelRow = (call) => {
  const axis = call.x.shape.length - 1;
  const [values, indices] = call.outputs;
  if (!values || !indices) throw call.refusal();
  const attributes = { axis, k: call.config.count('k'), largest: true };
  return call.b.emitAll('topK', attributes, [call.x], [values.shape, indices.shape]);
};

/** `start + i * step`, the values of `tf.range` and `tf.linspace`. */
function steps(call: KernelCall, start: number, step: number): number[] {
  return Array.from({ length: call.shape[0] ?? 0 }, (_, i) => start + i * step);
}

const range: KernelRow = (call) => {
  const values = steps(call, call.config.number('start'), call.config.number('step', 1));
  return [call.b.constant(values, call.shape, call.dtype)];
};

const linSpace: KernelRow = (call) => {
  const [start, stop] = [call.config.number('start'), call.config.number('stop')];
  return [call.b.constant(steps(call, start, (stop - start) / Math.max(1, call.config.count('num') - 1)), call.shape)];
};

const fill: KernelRow = (call) => [call.b.constant([call.config.number('value')], call.shape, call.dtype)];

/** What `tf.randomNormal` and `tf.randomUniform` draw, anew in every pass. */
const draw: KernelRow = (call) => {
  const { b, config, shape } = call;
  const scaled = (distribution: 'normal' | 'uniform', factor: number, offset: number) => {
    const drawn = b.emit('random', { distribution, draw: b.nextDraw() }, [], shape);
    const wide = factor === 1 ? drawn : b.emit('mul', {}, [drawn, b.constant([factor], [])], shape);
    return offset === 0 ? wide : b.emit('add', {}, [wide, b.constant([offset], [])], shape);
  };
  switch (config.text('distribution', '')) {
    case 'normal':
      return [scaled('normal', config.number('std', 1), config.number('mean', 0))];
    case 'uniform': {
      const [low, high] = [config.number('low', 0), config.number('high', 1)];
      return [scaled('uniform', high - low, low)];
    }
    default:
      throw call.refusal();
  }
};

export const REDUCING_KERNELS: Readonly<Record<string, KernelRow>> = {
  Sum: reduce('sum'),
  Mean: reduce('mean'),
  Max: reduce('max'),
  Min: reduce('min'),
  Prod: reduce('prod'),
  Any: reduce('any'),
  All: reduce('all'),
  ArgMax: extreme('argMax'),
  ArgMin: extreme('argMin'),
  Cumsum: cumulative('cumSum'),
  Cumprod: cumulative('cumProd'),
  TopK: topK,
  Range: range,
  LinSpace: linSpace,
  Fill: fill,
  Draw: draw,
};
