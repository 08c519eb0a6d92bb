import type { Tensor } from '../graphBuilder';
import { Unreadable } from '../unreadable';
import { relu } from './activation';
import type { Arguments } from './arguments';
import type { Scope, Unit } from './scope';
import { add, batchNorm, conv2d, globalAverage, linear, maxPool } from './torch';

/** He et al. 2016, Xie et al. 2017, Zagoruyko & Komodakis 2016: what tells torchvision's residual nets apart. */
interface ResNet {
  blocks: readonly [number, number, number, number];
  bottleneck: boolean;
  groups?: number;
  /** Channels of a group in the first stage. */
  perGroup?: number;
}

const RESNETS: Readonly<Record<string, ResNet>> = {
  resnet18: { blocks: [2, 2, 2, 2], bottleneck: false },
  resnet34: { blocks: [3, 4, 6, 3], bottleneck: false },
  resnet50: { blocks: [3, 4, 6, 3], bottleneck: true },
  resnet101: { blocks: [3, 4, 23, 3], bottleneck: true },
  resnet152: { blocks: [3, 8, 36, 3], bottleneck: true },
  resnext50_32x4d: { blocks: [3, 4, 6, 3], bottleneck: true, groups: 32, perGroup: 4 },
  resnext101_32x8d: { blocks: [3, 4, 23, 3], bottleneck: true, groups: 32, perGroup: 8 },
  resnext101_64x4d: { blocks: [3, 4, 23, 3], bottleneck: true, groups: 64, perGroup: 4 },
  wide_resnet50_2: { blocks: [3, 4, 6, 3], bottleneck: true, perGroup: 128 },
  wide_resnet101_2: { blocks: [3, 4, 23, 3], bottleneck: true, perGroup: 128 },
};

/** Children of torchvision's ResNet, in order: what `truncate` cuts from the end. */
const STEM = ['conv1', 'bn1', 'relu', 'maxpool'] as const;
const WIDTHS = [64, 128, 256, 512] as const;

/** `kaiming_normal_(mode='fan_out', nonlinearity='relu')`, which torchvision draws its convolutions from. */
function outConv(scope: Scope, from: number, to: number, k: number, { stride = 1, groups = 1 } = {}): Unit {
  const std = Math.sqrt(2 / (to * k * k));
  return conv2d(scope, from, to, k, {
    stride,
    padding: Math.floor(k / 2),
    groups,
    bias: false,
    weightInitialiser: { kind: 'normal', mean: 0, std },
  });
}

function residual(scope: Scope, from: number, width: number, stride: number, net: ResNet): Unit {
  const { bottleneck, groups = 1, perGroup = 64 } = net;
  const to = bottleneck ? 4 * width : width;
  const inner = bottleneck ? Math.trunc((width * perGroup) / 64) * groups : width;
  const plan: { from: number; to: number; k: number; stride?: number; groups?: number }[] = bottleneck
    ? [
        { from, to: inner, k: 1 },
        { from: inner, to: inner, k: 3, stride, groups },
        { from: inner, to, k: 1 },
      ]
    : [
        { from, to, k: 3, stride },
        { from: to, to, k: 3 },
      ];
  const units = plan.map((step, i) => {
    const conv = scope.child(`conv${i + 1}`, 'Conv2d', (own) => outConv(own, step.from, step.to, step.k, step));
    const norm = scope.child(`bn${i + 1}`, 'BatchNorm2d', (own) => batchNorm(own, step.to));
    return (x: Tensor) => norm(conv(x));
  });
  const shortcut =
    stride === 1 && from === to
      ? (x: Tensor) => x
      : scope.sequence('downsample', [
          { type: 'Conv2d', build: (own) => outConv(own, from, to, 1, { stride }) },
          { type: 'BatchNorm2d', build: (own) => batchNorm(own, to) },
        ]);
  return (x) => {
    const deep = units.reduce((y, unit, i) => (i < units.length - 1 ? relu(scope.b, unit(y)) : unit(y)), x);
    return relu(scope.b, add(scope, deep, shortcut(x)));
  };
}

interface Part {
  type: string;
  build: (scope: Scope) => Unit;
}

/** The children of a ResNet with an average pool and a classifier at the end. */
function partsOf(net: ResNet): Part[] {
  const stem: Record<(typeof STEM)[number], Part> = {
    conv1: {
      type: 'Conv2d',
      build: (scope) =>
        conv2d(scope, 3, 64, 7, {
          stride: 2,
          padding: 3,
          bias: false,
          weightInitialiser: { kind: 'normal', mean: 0, std: Math.sqrt(2 / (64 * 49)) },
        }),
    },
    bn1: { type: 'BatchNorm2d', build: (scope) => batchNorm(scope, 64) },
    relu: { type: 'ReLU', build: (scope) => (x) => relu(scope.b, x) },
    maxpool: { type: 'MaxPool2d', build: (scope) => maxPool(scope, 3, { stride: 2, padding: 1 }) },
  };
  const growth = net.bottleneck ? 4 : 1;
  const stages = WIDTHS.map((width, stage): Part => {
    const before = stage === 0 ? 64 : (WIDTHS[stage - 1] ?? 64) * growth;
    return {
      type: 'Sequential',
      build: (scope) => {
        const blocks = Array.from({ length: net.blocks[stage] ?? 1 }, (_, i) =>
          scope.child(String(i), net.bottleneck ? 'Bottleneck' : 'BasicBlock', (inner) =>
            residual(inner, i === 0 ? before : width * growth, width, i === 0 && stage > 0 ? 2 : 1, net),
          ),
        );
        return (x) => blocks.reduce((y, block) => block(y), x);
      },
    };
  });
  const average: Part = {
    type: 'AdaptiveAvgPool2d',
    build: (scope) => (x) => scope.b.reshape(globalAverage(scope, x), [...x.shape.slice(0, 2), 1, 1]),
  };
  const classifier: Part = { type: 'Linear', build: (scope) => linear(scope, 512 * growth, 1000) };
  return [...STEM.map((name) => stem[name]), ...stages, average, classifier];
}

/** Row `TorchVision`, [width, name, weights, unwrap, truncate, split]: a backbone without its last children. */
export function torchvisionBackbone(scope: Scope, a: Arguments): Unit {
  const given = a.raw(1);
  const name = typeof given === 'string' ? given : '';
  const net = Object.hasOwn(RESNETS, name) ? RESNETS[name] : undefined;
  if (!net)
    throw new Unreadable(
      'unsupported',
      `torchvision's \`${name}\` cannot be read from YAML; ${Object.keys(RESNETS).join(', ')} can. Open Python code that builds the model instead.`,
    );
  const truncate = a.count(4, 2);
  if (!a.flag(3, true) || a.flag(5, false) || truncate < 1)
    throw new Unreadable('unsupported', 'TorchVision is read with unwrap = True, a truncation, and without split.');
  const kept = partsOf(net).slice(0, -truncate);
  const weights = a.raw(2) === undefined ? 'DEFAULT' : a.raw(2);
  const drawn = weights === null || weights === false || weights === '';
  const settings = drawn
    ? scope.settings
    : { ...scope.settings, checkpoint: `torchvision's weights of ${name} are loaded.` };
  return scope.child(
    'm',
    'Sequential',
    (inner) => {
      const units = kept.map(({ type, build }, i) => inner.child(String(i), type, build));
      return (x: Tensor) => units.reduce((y, unit) => unit(y), x);
    },
    settings,
  );
}
