import { backend_util, type DataType, slice_util, util } from '@tensorflow/tfjs-core';
import type { Shaped } from './datum';

type Inputs = Readonly<Record<string, Shaped>>;
type Attributes = Readonly<Record<string, unknown>>;
/** Shapes of what a kernel gives; one or a list, as TensorFlow.js' own kernels return it. */
type ShapesOf = (inputs: Inputs, attributes: Attributes) => Shaped | Shaped[];

type Sides = number | [number, number];
type Cubes = number | [number, number, number];

function at(inputs: Inputs, name: string): Shaped {
  const found = inputs[name];
  if (!found) throw new Error(`a kernel lacks its input ${name}`);
  return found;
}

const first = (inputs: Inputs): Shaped => at(inputs, Object.keys(inputs)[0] ?? '');
const keep: ShapesOf = (inputs) => ({ shape: first(inputs).shape, dtype: first(inputs).dtype });
const keepAs =
  (dtype: DataType): ShapesOf =>
  (inputs) => ({ shape: first(inputs).shape, dtype });

const pair =
  (dtype?: DataType): ShapesOf =>
  (inputs) => {
    const [a, b] = [at(inputs, 'a'), at(inputs, 'b')];
    return {
      shape: backend_util.assertAndGetBroadcastShape(a.shape, b.shape),
      dtype: dtype ?? a.dtype,
    };
  };

const reduction =
  (dtype?: DataType): ShapesOf =>
  (inputs, { axis, reductionIndices, keepDims }) => {
    const x = first(inputs);
    const axes = util.parseAxisParam((axis ?? reductionIndices ?? null) as number[] | number, x.shape);
    const [out] = backend_util.computeOutAndReduceShapes(x.shape, axes);
    const shape = keepDims === true ? backend_util.expandShapeToKeepDim(out, axes) : out;
    return { shape, dtype: dtype ?? (x.dtype === 'bool' ? 'int32' : x.dtype) };
  };

const argument: ShapesOf = (inputs, { axis }) => {
  const x = first(inputs);
  const axes = util.parseAxisParam(axis as number, x.shape);
  const [shape] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  return { shape, dtype: 'int32' };
};

const product: ShapesOf = (inputs, { transposeA, transposeB }) => {
  const [a, b] = [at(inputs, 'a'), at(inputs, 'b')];
  const rows = a.shape.at(transposeA === true ? -1 : -2) ?? 1;
  const columns = b.shape.at(transposeB === true ? -2 : -1) ?? 1;
  const batch = backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return { shape: [...batch, rows, columns], dtype: a.dtype };
};

const conv2d =
  (depthwise: boolean): ShapesOf =>
  (inputs, { strides, dilations, pad, dimRoundingMode, dataFormat }) => {
    const [x, filter] = [at(inputs, 'x'), at(inputs, 'filter')];
    const info = backend_util.computeConv2DInfo(
      x.shape as [number, number, number, number],
      filter.shape as [number, number, number, number],
      strides as Sides,
      (dilations ?? 1) as Sides,
      pad as number,
      dimRoundingMode as 'floor',
      depthwise,
      depthwise ? undefined : backend_util.convertConv2DDataFormat((dataFormat ?? 'NHWC') as 'NHWC'),
    );
    return { shape: info.outShape, dtype: x.dtype };
  };

const conv3d: ShapesOf = (inputs, { strides, dilations, pad }) => {
  const x = at(inputs, 'x');
  const info = backend_util.computeConv3DInfo(
    x.shape as [number, number, number, number, number],
    at(inputs, 'filter').shape as [number, number, number, number, number],
    strides as Cubes,
    (dilations ?? 1) as Cubes,
    pad as 'same',
  );
  return { shape: info.outShape, dtype: x.dtype };
};

const backpropInput: ShapesOf = (inputs, { inputShape }) => ({
  shape: [...(inputShape as number[])],
  dtype: at(inputs, 'dy').dtype,
});

const pool2d: ShapesOf = (inputs, { filterSize, strides, pad, dimRoundingMode }) => {
  const x = first(inputs);
  const info = backend_util.computePool2DInfo(
    x.shape as [number, number, number, number],
    filterSize as Sides,
    strides as Sides,
    1,
    pad as number,
    dimRoundingMode as 'floor',
  );
  return { shape: info.outShape, dtype: x.dtype };
};

const pool3d: ShapesOf = (inputs, { filterSize, strides, pad, dimRoundingMode, dataFormat }) => {
  const x = first(inputs);
  const info = backend_util.computePool3DInfo(
    x.shape as [number, number, number, number, number],
    filterSize as Cubes,
    strides as Cubes,
    1,
    pad as number,
    dimRoundingMode as 'floor',
    (dataFormat ?? 'NDHWC') as 'NDHWC',
  );
  return { shape: info.outShape, dtype: x.dtype };
};

const reshape: ShapesOf = (inputs, { shape }) => {
  const x = first(inputs);
  return { shape: util.inferFromImplicitShape(shape as number[], util.sizeFromShape(x.shape)), dtype: x.dtype };
};

const transpose: ShapesOf = (inputs, { perm }) => {
  const x = first(inputs);
  return { shape: (perm as number[]).map((axis) => x.shape[axis] ?? 1), dtype: x.dtype };
};

const expandDims: ShapesOf = (inputs, { dim }) => {
  const x = first(inputs);
  const place = Number(dim) < 0 ? x.shape.length + Number(dim) + 1 : Number(dim);
  return { shape: x.shape.toSpliced(place, 0, 1), dtype: x.dtype };
};

const concat: ShapesOf = (inputs, { axis }) => {
  const parts = Object.values(inputs);
  const shapes = parts.map(({ shape }) => shape);
  const [place = 0] = util.parseAxisParam(axis as number, shapes[0] ?? []);
  return { shape: backend_util.computeOutShape(shapes, place), dtype: first(inputs).dtype };
};

const split: ShapesOf = (inputs, { numOrSizeSplits, axis }) => {
  const x = first(inputs);
  const [place = 0] = util.parseAxisParam((axis ?? 0) as number, x.shape);
  // `prepareSplitSize` reads nothing but the shape.
  const sizes = backend_util.prepareSplitSize(x as never, numOrSizeSplits as number[], place);
  return sizes.map((size) => ({ shape: x.shape.with(place, size), dtype: x.dtype }));
};

const slice: ShapesOf = (inputs, { begin, size }) => {
  const x = first(inputs);
  const [, sizes] = slice_util.parseSliceParams(x as never, begin as number[], size as number[]);
  return { shape: sizes ?? [], dtype: x.dtype };
};

const stridedSlice: ShapesOf = (inputs, given) => {
  const x = first(inputs);
  const info = slice_util.sliceInfo(
    x.shape,
    given['begin'] as number[],
    given['end'] as number[],
    given['strides'] as number[],
    given['beginMask'] as number,
    given['endMask'] as number,
    given['ellipsisMask'] as number,
    given['newAxisMask'] as number,
    given['shrinkAxisMask'] as number,
  );
  return { shape: info.finalShape, dtype: x.dtype };
};

const pack: ShapesOf = (inputs, { axis }) => {
  const { shape, dtype } = first(inputs);
  const place = Number(axis) < 0 ? shape.length + 1 + Number(axis) : Number(axis);
  return { shape: shape.toSpliced(place, 0, Object.keys(inputs).length), dtype };
};

const unpack: ShapesOf = (inputs, { axis }) => {
  const { shape, dtype } = first(inputs);
  const place = Number(axis) < 0 ? shape.length + Number(axis) : Number(axis);
  return Array.from({ length: shape[place] ?? 0 }, () => ({ shape: shape.toSpliced(place, 1), dtype }));
};

const tile: ShapesOf = (inputs, { reps }) => {
  const { shape, dtype } = first(inputs);
  return { shape: shape.map((n, axis) => n * ((reps as number[])[axis] ?? 1)), dtype };
};

const pad: ShapesOf = (inputs, { paddings }) => {
  const { shape, dtype } = first(inputs);
  const margins = paddings as [number, number][];
  return { shape: shape.map((n, axis) => n + (margins[axis]?.[0] ?? 0) + (margins[axis]?.[1] ?? 0)), dtype };
};

const gather: ShapesOf = (inputs, { axis, batchDims }) => {
  const [x, indices] = [at(inputs, 'x'), at(inputs, 'indices')];
  const [place = 0] = util.parseAxisParam((axis ?? 0) as number, x.shape);
  const batch = (batchDims ?? 0) as number;
  return {
    shape: [...x.shape.slice(0, place), ...indices.shape.slice(batch), ...x.shape.slice(place + 1)],
    dtype: x.dtype,
  };
};

const oneHot: ShapesOf = (inputs, { depth, dtype }) => ({
  shape: [...first(inputs).shape, depth as number],
  dtype: (dtype ?? 'int32') as DataType,
});

const select: ShapesOf = (inputs) => ({ shape: at(inputs, 't').shape, dtype: at(inputs, 't').dtype });
const cast: ShapesOf = (inputs, { dtype }) => ({ shape: first(inputs).shape, dtype: dtype as DataType });
const broadcastTo: ShapesOf = (inputs, { shape }) => ({ shape: [...(shape as number[])], dtype: first(inputs).dtype });

const resize: ShapesOf = (inputs, { size }) => {
  const { shape, dtype } = first(inputs);
  return { shape: [shape[0] ?? 1, ...(size as number[]), shape[3] ?? 1], dtype };
};

const einsum: ShapesOf = (inputs, { equation }) => {
  const operands = Object.values(inputs);
  const [from = '', to = ''] = (equation as string).replaceAll(' ', '').split('->');
  const sizes = new Map<string, number>();
  from
    .split(',')
    .forEach((term, i) => Array.from(term).forEach((letter, axis) => sizes.set(letter, operands[i]?.shape[axis] ?? 1)));
  return { shape: Array.from(to).map((letter) => sizes.get(letter) ?? 1), dtype: first(inputs).dtype };
};

const topK: ShapesOf = (inputs, { k }) => {
  const { shape, dtype } = first(inputs);
  const out = [...shape.slice(0, -1), k as number];
  return [
    { shape: out, dtype },
    { shape: out, dtype: 'int32' },
  ];
};

const fill: ShapesOf = (_, { shape, dtype }) => ({
  shape: [...(shape as number[])],
  dtype: (dtype ?? 'float32') as DataType,
});
const linSpace: ShapesOf = (_, { num }) => ({ shape: [num as number], dtype: 'float32' });
const range: ShapesOf = (_, { start, stop, step, dtype }) => ({
  shape: [Math.max(0, Math.ceil(((stop as number) - (start as number)) / ((step ?? 1) as number)))],
  dtype: (dtype ?? 'float32') as DataType,
});

const all = (names: string, shapesOf: ShapesOf): Record<string, ShapesOf> =>
  Object.fromEntries(names.split(' ').map((name) => [name, shapesOf]));

/** One row a kernel of TensorFlow.js: the shapes of what it gives, worked out by TensorFlow.js' own rules. */
export const KERNELS: Readonly<Record<string, ShapesOf>> = {
  ...all(
    'Abs Acos Acosh Asin Asinh Atan Atanh Ceil Cos Cosh Elu Erf Exp Expm1 Floor LeakyRelu Log Log1p Neg Prelu',
    keep,
  ),
  ...all('Reciprocal Relu Relu6 Round Rsqrt Selu Sigmoid Sign Sin Sinh Softplus Sqrt Square Step Tan Tanh', keep),
  ...all('Softmax LogSoftmax ClipByValue Identity Cumsum Cumprod OnesLike ZerosLike Reverse LRN FusedBatchNorm', keep),
  ...all('MatrixBandPart', keep),
  ...all('AddN', keep),
  ...all('IsNan IsInf IsFinite LogicalNot', keepAs('bool')),
  ...all('Add Sub Multiply RealDiv FloorDiv Mod Pow Maximum Minimum SquaredDifference Atan2', pair()),
  ...all('Equal NotEqual Less LessEqual Greater GreaterEqual LogicalAnd LogicalOr LogicalXor', pair('bool')),
  ...all('Sum Mean Max Min Prod', reduction()),
  ...all('Any All', reduction('bool')),
  ...all('ArgMax ArgMin', argument),
  ...all('BatchMatMul _FusedMatMul', product),
  ...all('Conv2D FusedConv2D', conv2d(false)),
  ...all('DepthwiseConv2dNative FusedDepthwiseConv2D', conv2d(true)),
  Conv3D: conv3d,
  ...all('Conv2DBackpropInput Conv3DBackpropInputV2', backpropInput),
  ...all('MaxPool AvgPool', pool2d),
  ...all('MaxPool3D AvgPool3D', pool3d),
  ...all('ResizeBilinear ResizeNearestNeighbor', resize),
  ...all('PadV2 MirrorPad', pad),
  Reshape: reshape,
  Transpose: transpose,
  ExpandDims: expandDims,
  Concat: concat,
  SplitV: split,
  Slice: slice,
  StridedSlice: stridedSlice,
  Pack: pack,
  Unpack: unpack,
  Tile: tile,
  GatherV2: gather,
  OneHot: oneHot,
  Select: select,
  Cast: cast,
  BroadcastTo: broadcastTo,
  Einsum: einsum,
  TopK: topK,
  Fill: fill,
  LinSpace: linSpace,
  Range: range,
  Draw: fill,
};
