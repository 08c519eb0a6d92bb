import { Unreadable } from '../unreadable';
import type { Arguments } from './arguments';
import type { Scope, Unit } from './scope';
import { avgPool, batchNorm, conv2d, linear, maxPool, upsample } from './torch';

type TorchRow = (scope: Scope, c1: number, a: Arguments) => Unit;

const product = (shape: readonly number[]) => shape.reduce((size, n) => size * n, 1);

/** Modules of torch.nn that stand in a row as they are, one row each; their arguments are PyTorch's own. */
export const TORCH_ROWS: Readonly<Record<string, TorchRow>> = {
  'nn.Conv2d': (scope, _, a) =>
    conv2d(scope, a.count(0), a.count(1), a.sizes(2), {
      stride: a.sizes(3, 1),
      padding: a.sizes(4, 0, 0),
      dilation: a.count(5, 1),
      groups: a.count(6, 1),
      bias: a.flag(7, true),
    }),
  'nn.Linear': (scope, _, a) => linear(scope, a.count(0), a.count(1), { bias: a.flag(2, true) }),
  'nn.BatchNorm2d': (scope, c1) => batchNorm(scope, c1),
  'nn.MaxPool2d': (scope, _, a) =>
    maxPool(scope, a.count(0), { stride: a.count(1, a.count(0)), padding: a.count(2, 0, 0), ceil: a.flag(5, false) }),
  'nn.AvgPool2d': (scope, _, a) =>
    avgPool(scope, a.count(0), { stride: a.count(1, a.count(0)), padding: a.count(2, 0, 0), ceil: a.flag(3, false) }),
  'nn.AdaptiveAvgPool2d': (scope, _, a) => {
    const size = [...[a.sizes(0)].flat()];
    const both = size.length === 1 ? [size[0] ?? 1, size[0] ?? 1] : size;
    return (x) =>
      scope.b.emit('adaptiveAvgPool', { size: both, layout: 'channelsFirst' }, [x], [...x.shape.slice(0, 2), ...both]);
  },
  'nn.Flatten': (scope) => (x) => scope.b.reshape(x, [x.shape[0] ?? 1, product(x.shape.slice(1))]),
  'nn.Identity': () => (x) => x,
  // YOLOv9's name for it.
  Silence: () => (x) => x,
  'nn.Dropout': (scope, _, a) => (x) => {
    const attributes = { rate: a.number(0, 0.5), sharedAxes: [], alpha: false, draw: scope.b.nextDraw() };
    return scope.b.emit('dropout', attributes, [x], x.shape);
  },
  'nn.Softmax': (scope, _, a) => (x) => scope.b.emit('softmax', { axis: a.count(0, 1, 0) }, [x], x.shape),
  'nn.ZeroPad2d': (scope, _, a) => {
    const given = a.raw(0);
    const [left, right, top, bottom] = Array.isArray(given) ? a.numbers(0) : [0, 1, 2, 3].map(() => a.count(0, 0, 0));
    if (left === undefined || right === undefined || top === undefined || bottom === undefined)
      throw new Unreadable('bad-argument', 'nn.ZeroPad2d takes one size or four.');
    return (x) => {
      const [batch = 1, channels = 1, height = 1, width = 1] = x.shape;
      return scope.b.emit(
        'pad',
        {
          pads: [
            [0, 0],
            [0, 0],
            [top, bottom],
            [left, right],
          ],
          mode: 'constant',
          value: 0,
        },
        [x],
        [batch, channels, height + top + bottom, width + left + right],
      );
    };
  },
  'nn.Upsample': (scope, _, a) => {
    const factor = a.raw(0) === null || a.raw(0) === undefined ? a.number(1) : null;
    const mode = a.raw(2) ?? 'nearest';
    return (x) => {
      const size = factor === null ? [...[a.sizes(0)].flat()] : x.shape.slice(2).map((n) => Math.floor(n * factor));
      const both = size.length === 1 ? [size[0] ?? 1, size[0] ?? 1] : size;
      return upsample(scope, x, both, typeof mode === 'string' ? mode : '', factor);
    };
  },
};
