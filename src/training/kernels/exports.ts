/**
 * The functions of the kernel module (`assembly/`), documented there. Pointers are byte addresses on tfjs' heap, sizes and
 * strides count elements.
 */
export interface KernelExports {
  sumOfSquares(x: number, size: number): number;
  sumOf(x: number, size: number): number;
  squaredDistances(x: number, size: number, mean: number): number;
  largest(x: number, size: number): number;
  zeros(x: number, size: number): number;
  scale(x: number, y: number, size: number, factor: number): void;

  gemmScratch(): number;
  gemm(
    a: number,
    aRow: number,
    aColumn: number,
    b: number,
    bRow: number,
    bColumn: number,
    c: number,
    cRow: number,
    m: number,
    n: number,
    k: number,
    accumulate: number,
    scratch: number,
  ): void;

  packedSize(k: number, n: number): number;
  packMatrix(b: number, bRow: number, bColumn: number, k: number, n: number, to: number): void;
  gemmPacked(
    a: number,
    aRow: number,
    aColumn: number,
    packed: number,
    c: number,
    cRow: number,
    m: number,
    n: number,
    k: number,
    accumulate: number,
    scratch: number,
  ): void;

  transpose(x: number, y: number, batch: number, rows: number, columns: number): void;
  permute(x: number, y: number, rank: number, table: number): void;
  copyRows(x: number, xStride: number, y: number, yStride: number, rows: number, length: number): void;
  addChannels(y: number, bias: number, outer: number, channels: number, inner: number): void;
  channelSums(x: number, sums: number, outer: number, channels: number, inner: number): void;

  imageToColumns: ColumnsKernel;
  columnsToImage: ColumnsKernel;
  /** Bytes of `scratch` for `convolvePlanes`. */
  planeScratch(shape: number): number;
  convolvePlanes(
    x: number,
    w: number,
    y: number,
    kind: 0 | 1 | 2,
    batch: number,
    groups: number,
    inputs: number,
    shape: number,
    scratch: number,
  ): void;

  maxPool(
    x: number,
    y: number,
    places: number,
    planes: number,
    height: number,
    width: number,
    plane: number,
    outputD: number,
    outputH: number,
    outputW: number,
    windows: number,
  ): void;
  maxPoolGradient(dy: number, places: number, dx: number, planes: number, plane: number, outputs: number): void;
  averagePool(
    x: number,
    y: number,
    backward: 0 | 1,
    planes: number,
    height: number,
    width: number,
    plane: number,
    outputD: number,
    outputH: number,
    outputW: number,
    divisor: number,
    windows: number,
  ): void;

  statistics(
    x: number,
    mean: number,
    inverse: number,
    outer: number,
    channels: number,
    inner: number,
    epsilon: number,
    centred: 0 | 1,
  ): void;
  normalise(
    x: number,
    y: number,
    mean: number,
    inverse: number,
    gamma: number,
    beta: number,
    outer: number,
    channels: number,
    inner: number,
  ): void;
  gradientSums(
    dy: number,
    x: number,
    mean: number,
    inverse: number,
    sums: number,
    products: number,
    outer: number,
    channels: number,
    inner: number,
  ): void;
  normaliseGradient(
    dy: number,
    x: number,
    dx: number,
    mean: number,
    inverse: number,
    gamma: number,
    sums: number,
    products: number,
    outer: number,
    channels: number,
    inner: number,
    scratch: number,
  ): void;
  scaleOffset(x: number, y: number, gamma: number, beta: number, outer: number, channels: number, inner: number): void;
  productSums(x: number, y: number, sums: number, outer: number, channels: number, inner: number): void;

  softmax(x: number, y: number, rows: number, length: number, log: 0 | 1): void;
  softmaxGradient(dy: number, y: number, dx: number, rows: number, length: number): void;
  logSoftmaxGradient(dy: number, y: number, dx: number, rows: number, length: number): void;

  interpolate(
    x: number,
    y: number,
    backward: 0 | 1,
    outer: number,
    length: number,
    output: number,
    inner: number,
    taps: number,
    places: number,
    weights: number,
  ): void;

  adam(
    w: number,
    m: number,
    v: number,
    gradient: number,
    size: number,
    scale: number,
    scale2: number,
    keep1: number,
    take1: number,
    keep2: number,
    take2: number,
    rate: number,
    guard: number,
  ): void;
  descend(
    w: number,
    velocity: number,
    gradient: number,
    size: number,
    scale: number,
    scale2: number,
    momentum: number,
    rate: number,
  ): void;
  countWithin(x: number, size: number, from: number, to: number): number;

  relu: ElementKernel;
  sigmoid: ElementKernel;
  tanh: ElementKernel;
  silu: ElementKernel;
  gelu: ElementKernel;
  geluTanh: ElementKernel;
  reluGradient: ElementGradientKernel;
  sigmoidGradient: ElementGradientKernel;
  tanhGradient: ElementGradientKernel;
  siluGradient: ElementGradientKernel;
  geluGradient: ElementGradientKernel;
  geluTanhGradient: ElementGradientKernel;
  pieces(x: number, y: number, size: number, low: number, high: number, ...lines: Lines): void;
  piecesGradient(x: number, dy: number, dx: number, size: number, low: number, high: number, ...slopes: Three): void;
  tail(x: number, y: number, size: number, right: number, left: number, width: number): void;
  tailGradient(x: number, dy: number, dx: number, size: number, right: number, left: number, width: number): void;
  combine(a: number, b: number, y: number, size: number, factorA: number, factorB: number): void;
  addRun: PairKernel;
  subtractRun: PairKernel;
  multiplyRun: PairKernel;
  divideRun: PairKernel;
}

type Three = [number, number, number];
/** Slope and offset of three straight pieces. */
type Lines = [slope0: number, offset0: number, slope1: number, offset1: number, slope2: number, offset2: number];

/** `imageToColumns(x, columns, ...)` and `columnsToImage(columns, x, ...)`. */
type ColumnsKernel = (
  from: number,
  to: number,
  row: number,
  channels: number,
  firstLine: number,
  lastLine: number,
  shape: number,
) => void;

/** y = f(x), each element alone. */
type ElementKernel = (x: number, y: number, size: number) => void;
/** dx = dy f'(x) */
type ElementGradientKernel = (x: number, dy: number, dx: number, size: number) => void;
/** y = a op b over `size` elements; each operand moves (step 1) or stays (step 0). */
type PairKernel = (a: number, stepA: number, b: number, stepB: number, y: number, size: number) => void;
