import type { HeapBackend } from './heap';
import { type Matrix, multiplyInto, transposed } from './matrix';
import { product } from './rows';
import { workspace, writeInts } from './workspace';

/** Depth, height, width. */
export type Three = readonly [number, number, number];

/** A convolution of x [batch, inputs, ...image] with w [outputs, inputs / groups, ...kernel] to y [batch, outputs, ...output]. */
export interface ConvolutionShape {
  batch: number;
  inputs: number;
  outputs: number;
  groups: number;
  image: Three;
  kernel: Three;
  stride: Three;
  /** Zeros before the image; those after it follow from the output size. */
  pad: Three;
  dilation: Three;
  output: Three;
}

/** Up to three spatial sizes as three, filled up in front. */
export function three(sizes: readonly number[], fill: number): Three {
  if (sizes.length > 3)
    throw new RangeError(`Convolution and pooling know up to three spatial dims, not ${sizes.length}.`);
  const [a = fill, b = fill, c = fill] = [...Array<number>(3 - sizes.length).fill(fill), ...sizes];
  return [a, b, c];
}

export const shapeTable = ({
  image,
  kernel,
  stride,
  pad,
  dilation,
  output,
}: Omit<ConvolutionShape, 'batch' | 'inputs' | 'outputs' | 'groups'>): number[] =>
  [image, kernel, stride, pad, dilation, output].flat();

/** Floats of columns made at a time: half a megabyte, so that a product reads them from the second-level cache. */
const COLUMN_BUDGET = 1 << 17;
/** Below this many output positions several samples share one product. */
const FEW_POSITIONS = 128;

/** Some samples whole, or some lines of one sample. */
interface Piece {
  sample: number;
  samples: number;
  from: number;
  to: number;
}

class Plan {
  readonly plane: number;
  readonly positions: number;
  readonly width: number;
  readonly lines: number;
  readonly inputs: number;
  readonly outputs: number;
  /** Rows of the column matrix: inputs of a group times taps. */
  readonly depth: number;
  /** The image is its own column matrix. */
  readonly pointwise: boolean;
  readonly pieces: Piece[];
  readonly columns: number;

  constructor(readonly shape: ConvolutionShape) {
    const { kernel, stride, pad, image, output, batch, groups } = shape;
    this.plane = product(image);
    this.positions = product(output);
    this.width = output[2];
    this.lines = output[0] * output[1];
    this.inputs = shape.inputs / groups;
    this.outputs = shape.outputs / groups;
    this.depth = this.inputs * product(kernel);
    const samples = this.positions < FEW_POSITIONS ? Math.ceil(FEW_POSITIONS / Math.max(1, this.positions)) : 1;
    this.pointwise =
      samples === 1 &&
      product(kernel) === 1 &&
      product(stride) === 1 &&
      pad.every((p) => p === 0) &&
      this.plane === this.positions;
    const lines = this.pointwise ? this.lines : Math.max(1, Math.floor(COLUMN_BUDGET / (this.depth * this.width)));
    this.pieces = [];
    for (let sample = 0; sample < batch; sample += samples) {
      const taken = Math.min(samples, batch - sample);
      const step = taken > 1 ? this.lines : lines;
      for (let from = 0; from < this.lines; from += step) {
        this.pieces.push({ sample, samples: taken, from, to: Math.min(this.lines, from + step) });
      }
    }
    this.columns = Math.max(0, ...this.pieces.map(({ samples: n, from, to }) => n * (to - from) * this.width));
  }
}

/** The addresses of one group's share in one sample. */
interface Operands {
  x: number;
  w: number;
  y: number;
}

type Direction = 'forward' | 'input' | 'kernel';

/**
 * One of the three products of a convolution, by columns and matrix products (Chellapilla et al. 2006):
 * 'forward' y = w * x, 'input' x += w^T y, 'kernel' w += y x^T. Only the last two accumulate.
 */
export function convolve(backend: HeapBackend, shape: ConvolutionShape, direction: Direction, all: Operands): void {
  const plan = new Plan(shape);
  const { kernels } = backend;
  const gathered = plan.pieces.some(({ samples }) => samples > 1) ? plan.outputs * plan.columns : 0;
  if (shape.groups > 1 && plan.outputs === 1) {
    convolvePlanes(backend, plan, direction, all);
    return;
  }
  const [table = 0, scratch = 0, columns = 0, gather = 0] = workspace(backend, [
    4 * 18,
    kernels.gemmScratch(),
    plan.pointwise ? 0 : 4 * plan.depth * plan.columns,
    4 * gathered,
  ]);
  writeInts(backend, table, shapeTable(shape));
  for (let group = 0; group < shape.groups; group++) {
    const w: Matrix = { address: all.w + 4 * group * plan.outputs * plan.depth, row: plan.depth, column: 1 };
    const xOf = (sample: number): number => all.x + 4 * (sample * shape.groups + group) * plan.inputs * plan.plane;
    const yOf = (sample: number): number => all.y + 4 * (sample * shape.groups + group) * plan.outputs * plan.positions;
    for (const { sample, samples, from, to } of plan.pieces) {
      const part = (to - from) * plan.width;
      const length = samples * part;
      const own: Matrix = { address: yOf(sample) + 4 * from * plan.width, row: plan.positions, column: 1 };
      const y: Matrix = samples === 1 ? own : { address: gather, row: length, column: 1 };
      const x: Matrix = plan.pointwise
        ? { address: xOf(sample), row: plan.plane, column: 1 }
        : { address: columns, row: length, column: 1 };
      const each = (work: (n: number, offset: number) => void): void => {
        for (let i = 0; i < samples; i++) work(sample + i, 4 * i * part);
      };
      if (direction !== 'input' && !plan.pointwise) {
        each((n, offset) => kernels.imageToColumns(xOf(n), columns + offset, length, plan.inputs, from, to, table));
      }
      if (direction !== 'forward' && samples > 1) {
        each((n, offset) => kernels.copyRows(yOf(n), plan.positions, gather + offset, length, plan.outputs, part));
      }
      if (direction === 'forward') {
        multiplyInto(backend, w, x, y, { m: plan.outputs, n: length, k: plan.depth }, false, scratch);
        if (samples > 1) {
          each((n, offset) => kernels.copyRows(gather + offset, length, yOf(n), plan.positions, plan.outputs, part));
        }
      } else if (direction === 'kernel') {
        multiplyInto(backend, y, transposed(x), w, { m: plan.outputs, n: plan.depth, k: length }, true, scratch);
      } else {
        const sizes = { m: plan.depth, n: length, k: plan.outputs };
        multiplyInto(backend, transposed(w), y, x, sizes, plan.pointwise, scratch);
        if (!plan.pointwise) {
          each((n, offset) => kernels.columnsToImage(columns + offset, xOf(n), length, plan.inputs, from, to, table));
        }
      }
    }
  }
}

const PLANE_KIND = { forward: 0, input: 1, kernel: 2 } as const;

/** One output channel to a group (depthwise): plane by plane, without columns. 'forward' needs y zeroed too. */
function convolvePlanes(backend: HeapBackend, plan: Plan, direction: Direction, all: Operands): void {
  const { batch, groups, outputs } = plan.shape;
  const ints = shapeTable(plan.shape);
  const { kernels } = backend;
  const [first = 0] = workspace(backend, [4 * ints.length]);
  writeInts(backend, first, ints);
  const [table = 0, scratch = 0] = workspace(backend, [4 * ints.length, kernels.planeScratch(first)]);
  writeInts(backend, table, ints);
  if (direction === 'forward') {
    new Uint8Array(backend.heapMemory.buffer, all.y, 4 * batch * outputs * plan.positions).fill(0);
  }
  const kind = PLANE_KIND[direction];
  kernels.convolvePlanes(all.x, all.w, all.y, kind, batch, groups, plan.inputs, table, scratch);
}
