import type { Initialiser } from '../../../graph/initialiser';
import type { Tensor } from '../../graphBuilder';
import type { Scope, Unit } from '../scope';
import { concat, conv2d, convTranspose2d, globalAverage, linear, upsample } from '../torch';
import { conv, convChild, depthwise } from './conv';

/** A head takes feature maps, finest first, and gives what the model gives in training. */
export type Head = (features: readonly Tensor[]) => Tensor[];

export interface DetectOptions {
  classes: number;
  widths: readonly number[];
  /** Pixels of the input per pixel of each feature map. */
  strides: readonly number[];
  /** The class branch of models before YOLO11: plain convolutions. */
  legacy: boolean;
}

/** Bins of the box distribution (Li et al. 2020, Generalized Focal Loss). */
const BINS = 16;

const constant = (value: number): Initialiser => ({ kind: 'constant', value });

/** Score bias at which about five objects are expected in a picture of 640 x 640. */
const classPrior = (classes: number, stride: number): Initialiser =>
  constant(Math.log(5 / classes / (640 / stride) ** 2));

/** Two 3x3 convolutions and a projection: `cv2`, `cv4` and the old `cv3` of every head. */
export function branch(scope: Scope, from: number, hidden: number, to: number, bias?: Initialiser): Unit {
  const options = bias ? { biasInitialiser: bias } : {};
  const units = [
    convChild(scope, '0', from, hidden, { k: 3 }),
    convChild(scope, '1', hidden, hidden, { k: 3 }),
    scope.child('2', 'Conv2d', (inner) => conv2d(inner, hidden, to, 1, options)),
  ];
  return (x) => units.reduce((y, unit) => unit(y), x);
}

/** The class branch since YOLO10: depthwise and pointwise convolutions in turn. */
function lightBranch(scope: Scope, from: number, hidden: number, to: number, bias: Initialiser): Unit {
  const stage = (name: string, c: number): Unit =>
    scope.sequence(name, [
      { type: 'DWConv', build: (inner) => depthwise(inner, c, c, { k: 3 }) },
      { type: 'Conv', build: (inner) => conv(inner, c, hidden) },
    ]);
  const units = [
    stage('0', from),
    stage('1', hidden),
    scope.child('2', 'Conv2d', (inner) => conv2d(inner, hidden, to, 1, { biasInitialiser: bias })),
  ];
  return (x) => units.reduce((y, unit) => unit(y), x);
}

const perMap = (units: readonly Unit[], features: readonly Tensor[]): Tensor[] =>
  features.flatMap((x, i) => units[i]?.(x) ?? []);

export function boxBranches(scope: Scope, name: string, { widths }: DetectOptions): Unit[] {
  const hidden = Math.max(16, Math.floor((widths[0] ?? 0) / 4), 4 * BINS);
  return scope.list(name, widths, 'Sequential', (inner, c) => branch(inner, c, hidden, 4 * BINS, constant(1)));
}

function classBranches(scope: Scope, name: string, { classes, widths, strides, legacy }: DetectOptions): Unit[] {
  const hidden = Math.max(widths[0] ?? 0, Math.min(classes, 100));
  return scope.list(name, widths, 'Sequential', (inner, c, i) => {
    const bias = classPrior(classes, strides[i] ?? 8);
    return legacy ? branch(inner, c, hidden, classes, bias) : lightBranch(inner, c, hidden, classes, bias);
  });
}

/** The fixed table that turns a distribution into a distance; used when predicting only. */
export function distances(scope: Scope): void {
  const values = Array.from({ length: BINS }, (_, i) => i);
  scope.child('dfl', 'DFL', (dfl) => {
    dfl.child('conv', 'Conv2d', (inner) => {
      inner.parameter('weight', [1, BINS, 1, 1], { kind: 'values', values }, { trainable: false });
      return () => undefined;
    });
    return () => undefined;
  });
}

/** Boxes and classes of each feature map, joined by channel: [N, 4 * 16 + classes, H, W] each. */
export function detect(scope: Scope, options: DetectOptions): Head {
  const boxes = boxBranches(scope, 'cv2', options);
  const classes = classBranches(scope, 'cv3', options);
  distances(scope);
  return (features) => joined(scope, perMap(boxes, features), perMap(classes, features));
}

export const joined = (scope: Scope, boxes: readonly Tensor[], classes: readonly Tensor[]): Tensor[] =>
  boxes.flatMap((box, i) => {
    const scores = classes[i];
    return scores ? [concat(scope, [box, scores])] : [];
  });

/** YOLOv10's two heads, one of them on features that carry no gradient back; its weights start as copies. */
export function detectTwice(scope: Scope, options: DetectOptions): Head {
  const light = { ...options, legacy: false };
  const { b } = scope;
  const first = b.parameterCount;
  const boxes = boxBranches(scope, 'cv2', light);
  const classes = classBranches(scope, 'cv3', light);
  const copied = b.parameterCount - first;
  distances(scope);
  // The copies follow after the distance table, in the order of their originals.
  const copies = b.copying(b.parameterCount - first, copied, () => ({
    boxes: boxBranches(scope, 'one2one_cv2', light),
    classes: classBranches(scope, 'one2one_cv3', light),
  }));
  return (features) => {
    const many = joined(scope, perMap(boxes, features), perMap(classes, features));
    const cut = features.map((x) => b.emit('detach', {}, [x], x.shape));
    return [...many, ...joined(scope, perMap(copies.boxes, cut), perMap(copies.classes, cut))];
  };
}

/** One more branch a feature map, joined over all places: [N, width, places]. */
function sideBranches(scope: Scope, { widths }: DetectOptions, width: number): (features: readonly Tensor[]) => Tensor {
  const hidden = Math.max(Math.floor((widths[0] ?? 0) / 4), width);
  const units = scope.list('cv4', widths, 'Sequential', (inner, c) => branch(inner, c, hidden, width));
  return (features) =>
    concat(
      scope,
      perMap(units, features).map((y) => {
        const [batch = 1, , height = 1, breadth = 1] = y.shape;
        return scope.b.reshape(y, [batch, width, height * breadth]);
      }),
      2,
    );
}

const twice = ({ shape }: Tensor) => shape.slice(2).map((n) => 2 * n);

/** Prototype masks at twice the resolution of the finest map (Bolya et al. 2019, YOLACT). */
export function prototypes(
  scope: Scope,
  c1: number,
  hidden: number,
  masks: number,
  doubling: 'transposed' | 'nearest' = 'transposed',
): Unit {
  const first = convChild(scope, 'cv1', c1, hidden, { k: 3 });
  const up =
    doubling === 'nearest'
      ? (x: Tensor) => upsample(scope, x, twice(x), 'nearest', 2)
      : scope.child('upsample', 'ConvTranspose2d', (inner) => convTranspose2d(inner, hidden, hidden, 2, { stride: 2 }));
  const second = convChild(scope, 'cv2', hidden, hidden, { k: 3 });
  const last = convChild(scope, 'cv3', hidden, masks);
  return (x) => last(second(up(first(x))));
}

export function segment(scope: Scope, options: DetectOptions, masks: number, hidden: number): Head {
  const boxes = detect(scope, options);
  const proto = scope.child('proto', 'Proto', (inner) => prototypes(inner, options.widths[0] ?? 1, hidden, masks));
  const coefficients = sideBranches(scope, options, masks);
  return (features) => {
    const [finest] = features;
    const side = coefficients(features);
    return [...boxes(features), side, ...(finest ? [proto(finest)] : [])];
  };
}

export function pose(scope: Scope, options: DetectOptions, numbers: number): Head {
  const boxes = detect(scope, options);
  const points = sideBranches(scope, options, numbers);
  return (features) => [...boxes(features), points(features)];
}

/** Oriented boxes: the angle is (sigmoid - 1/4) pi. */
export function orientedBoxes(scope: Scope, options: DetectOptions, numbers: number): Head {
  const boxes = detect(scope, options);
  const angles = sideBranches(scope, options, numbers);
  const { b } = scope;
  return (features) => {
    const raw = b.same('sigmoid', angles(features));
    const shifted = b.emit('sub', {}, [raw, b.constant([0.25], [])], raw.shape);
    return [...boxes(features), b.emit('mul', {}, [shifted, b.constant([Math.PI], [])], raw.shape)];
  };
}

/** Channels between the convolution and the classifier, as in EfficientNet-B0. */
const CLASSIFIER_WIDTH = 1280;

/** @returns class scores; the softmax belongs to predicting. */
export function classify(scope: Scope, c1: number, classes: number, k = 1, s = 1): Head {
  const wide = convChild(scope, 'conv', c1, CLASSIFIER_WIDTH, { k, s });
  const scores = scope.child('linear', 'Linear', (inner) => linear(inner, CLASSIFIER_WIDTH, classes));
  return (features) => [scores(globalAverage(scope, wide(concat(scope, features))))];
}
