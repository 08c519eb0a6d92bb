import type { Initialiser } from '../../../graph/initialiser';
import type { Tensor } from '../../graphBuilder';
import type { Scope, Unit } from '../scope';
import { conv2d, fanInUniform } from '../torch';
import { type DetectOptions, prototypes } from './heads';

/** Box, objectness. */
const OWN_NUMBERS = 5;

/** Redmon & Farhadi 2018 (YOLOv3) as YOLOv5's repository has it: [N, anchors, H, W, 5 + classes + extra] of each map. */
function anchorMaps(scope: Scope, { classes, widths, strides }: DetectOptions, anchors: number, extra = 0): Unit[] {
  const each = OWN_NUMBERS + classes + extra;
  const { b } = scope;
  return scope.list('m', widths, 'Conv2d', (inner, c, i) => {
    const biasInitialiser = anchorBias(c, { anchors, each, classes }, strides[i] ?? 8);
    const scores = conv2d(inner, c, anchors * each, 1, { biasInitialiser });
    return (x) => {
      const y = scores(x);
      const [batch = 1, , height = 1, breadth = 1] = y.shape;
      return b.permute(b.reshape(y, [batch, anchors, each, height, breadth]), [0, 1, 3, 4, 2]);
    };
  });
}

interface AnchorSizes {
  anchors: number;
  each: number;
  classes: number;
}

/** PyTorch's draw, shifted so that about eight objects are expected in a picture of 640 x 640, and classes are as rare as they are many. */
function anchorBias(c: number, { anchors, each, classes }: AnchorSizes, stride: number): Initialiser {
  const base = fanInUniform(c);
  const shifted = (shift: number): Initialiser => ({ kind: 'affine', scale: 1, shift, base });
  const object = shifted(Math.log(8 / (640 / stride) ** 2));
  const named = shifted(Math.log(0.6 / (classes - 0.99999)));
  const regions = Array.from({ length: anchors }, (_, i) => [
    { start: [i * each + 4], stop: [i * each + 5], fill: object },
    { start: [i * each + 5], stop: [i * each + 5 + classes], fill: named },
  ]);
  return { kind: 'regions', base, regions: regions.flat() };
}

const perMap = (units: readonly Unit[], features: readonly Tensor[]): Tensor[] =>
  features.flatMap((x, i) => units[i]?.(x) ?? []);

export function anchorDetect(scope: Scope, options: DetectOptions, anchors: number) {
  const maps = anchorMaps(scope, options, anchors);
  return (features: readonly Tensor[]): Tensor[] => perMap(maps, features);
}

/** The maps carry mask coefficients too; prototype masks come from the finest one. */
export function anchorSegment(scope: Scope, options: DetectOptions, anchors: number, masks: number, hidden: number) {
  const maps = anchorMaps(scope, options, anchors, masks);
  const proto = scope.child('proto', 'Proto', (inner) =>
    prototypes(inner, options.widths[0] ?? 1, hidden, masks, 'nearest'),
  );
  return (features: readonly Tensor[]): Tensor[] => {
    const [finest] = features;
    return [...perMap(maps, features), ...(finest ? [proto(finest)] : [])];
  };
}
