import type { Tensor } from '../../graphBuilder';
import type { KernelCall, KernelRow } from './kernelCall';

const reshape: KernelRow = ({ b, x, shape }) => [b.reshape(x, shape)];

const permute: KernelRow = (call) => [call.b.permute(call.x, call.axes('perm'))];

const concat: KernelRow = (call) => [
  call.b.emit('concat', { axis: call.axis('axis') }, call.inputs, call.shape, call.dtype),
];

const split: KernelRow = (call) => {
  const axis = call.axis('axis');
  let start = 0;
  return call.outputs.map(({ shape }) => {
    const stop = start + (shape[axis] ?? 0);
    const part = call.b.slice(call.x, axis, start, stop);
    start = stop;
    return part;
  });
};

function sliced(call: KernelCall, start: readonly number[], shape: readonly number[], step: readonly number[]): Tensor {
  const { b, x } = call;
  const stop = start.map((from, axis) => Math.min(x.shape[axis] ?? 0, from + (shape[axis] ?? 1) * (step[axis] ?? 1)));
  return b.emit('slice', { start: [...start], stop, step: [...step] }, [x], shape, x.dtype);
}

const slice: KernelRow = (call) => {
  const rank = call.x.shape.length;
  const begin = call.numbers('begin');
  const start = call.x.shape.map((n, axis) => {
    const from = begin[axis] ?? 0;
    return from < 0 ? from + n : from;
  });
  const ones = Array.from({ length: rank }, () => 1);
  return [sliced(call, start, call.shape, ones)];
};

const MASKS = ['beginMask', 'endMask', 'ellipsisMask', 'newAxisMask'];

/** Without masks but the one that drops axes, and forwards only. */
const stridedSlice: KernelRow = (call) => {
  const { x } = call;
  const step = call.numbers('strides');
  const begin = call.numbers('begin');
  const dropped = call.config.count('shrinkAxisMask', 0, 0);
  const isOpen = MASKS.some((name) => (call.attributes[name] ?? 0) !== 0);
  if (isOpen || step.length !== x.shape.length || step.some((n) => n < 1)) throw call.refusal();
  const start = begin.map((from, axis) => Math.max(0, from < 0 ? from + (x.shape[axis] ?? 0) : from));
  let kept = 0;
  const whole = x.shape.map((_, axis) => ((dropped >> axis) & 1 ? 1 : (call.shape[kept++] ?? 1)));
  return [call.b.reshape(sliced(call, start, whole, step), call.shape)];
};

const pack: KernelRow = (call) => {
  const rank = call.shape.length;
  const given = call.config.integers('axis', [0])[0] ?? 0;
  const axis = given < 0 ? given + rank : given;
  const parts = call.inputs.map((x) => call.b.reshape(x, call.shape.with(axis, 1)));
  return [call.b.emit('concat', { axis }, parts, call.shape, call.dtype)];
};

const unpack: KernelRow = (call) => {
  const axis = call.axis('axis');
  return call.outputs.map(({ shape }, i) => call.b.reshape(call.b.slice(call.x, axis, i, i + 1), shape));
};

const tile: KernelRow = (call) => [
  call.b.emit('tile', { repeats: call.numbers('reps') }, [call.x], call.shape, call.dtype),
];

function pads(call: KernelCall): [number, number][] {
  const flat = call.numbers('paddings');
  return call.x.shape.map((_, axis) => [flat[2 * axis] ?? 0, flat[2 * axis + 1] ?? 0]);
}

const pad: KernelRow = (call) => {
  const value = call.config.number('constantValue', 0);
  return [call.b.emit('pad', { pads: pads(call), mode: 'constant', value }, [call.x], call.shape, call.dtype)];
};

const mirrorPad: KernelRow = (call) => {
  const mode = call.config.text('mode') === 'reflect' ? 'reflect' : 'symmetric';
  return [call.b.emit('pad', { pads: pads(call), mode, value: 0 }, [call.x], call.shape, call.dtype)];
};

const gather: KernelRow = (call) => {
  if ((call.attributes['batchDims'] ?? 0) !== 0) throw call.refusal();
  const inputs = [call.input('x'), call.input('indices')];
  return [call.b.emit('gather', { axis: call.axis('axis') }, inputs, call.shape, call.dtype)];
};

const oneHot: KernelRow = (call) => {
  const { b, shape, config } = call;
  if (config.number('onValue', 1) !== 1 || config.number('offValue', 0) !== 0) throw call.refusal();
  const classes = config.count('depth');
  const made = b.emit('oneHot', { classes }, [call.x], shape, 'float');
  return [call.dtype === 'float' ? made : b.emit('cast', {}, [made], shape, call.dtype)];
};

const flip: KernelRow = (call) => [
  call.b.emit('flip', { axes: call.axes('dims') }, [call.x], call.x.shape, call.dtype),
];

const resize =
  (mode: 'nearest' | 'linear'): KernelRow =>
  (call) => {
    const size = call.numbers('size');
    const corners = call.config.flag('alignCorners', false);
    const centres = call.config.flag('halfPixelCenters', false);
    // TensorFlow.js rounds the nearest neighbour in these modes in ways of its own.
    if (mode === 'nearest' && (corners || centres)) throw call.refusal();
    const coordinates = corners ? 'alignCorners' : centres ? 'halfPixel' : 'asymmetric';
    const attributes = { size, mode, coordinates, scale: null, layout: 'channelsLast' } as const;
    return [call.b.emit('resize', attributes, [call.x], call.shape)];
  };

const broadcast: KernelRow = (call) => [call.b.emit('broadcast', {}, [call.x], call.shape, call.dtype)];

export const SHAPING_KERNELS: Readonly<Record<string, KernelRow>> = {
  Reshape: reshape,
  ExpandDims: reshape,
  Transpose: permute,
  Concat: concat,
  SplitV: split,
  Slice: slice,
  StridedSlice: stridedSlice,
  Pack: pack,
  Unpack: unpack,
  Tile: tile,
  PadV2: pad,
  MirrorPad: mirrorPad,
  GatherV2: gather,
  OneHot: oneHot,
  Reverse: flip,
  BroadcastTo: broadcast,
  ResizeNearestNeighbor: resize('nearest'),
  ResizeBilinear: resize('linear'),
};
