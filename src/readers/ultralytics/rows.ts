import type { Tensor } from '../graphBuilder';
import { Unreadable } from '../unreadable';
import { activationOf } from './activation';
import type { Arguments } from './arguments';
import { a2c2f } from './blocks/areaAttention';
import { c2fPsa, c2Psa, psa } from './blocks/attention';
import { hgBlock, hgStem, resNetLayer } from './blocks/backbones';
import {
  type ConvArguments,
  conv,
  convTranspose,
  depthwise,
  depthwiseTranspose,
  focus,
  ghostConv,
} from './blocks/conv';
import {
  bottleneck,
  bottleneckCsp,
  c1Block,
  c2Block,
  c2f,
  c3,
  c3Ghost,
  c3k2,
  c3x,
  type Csp,
  ghostBottleneck,
} from './blocks/csp';
import { aConv, aDown, spp, sppElan, sppf } from './blocks/pyramid';
import { channelAttention, convolutionalAttention, spatialAttention } from './blocks/gates';
import { c2fCib, elan, repC3, scDown } from './blocks/rep';
import { aifi, c3Transformer } from './blocks/transformer';
import { c2fAttention } from './blocks/world';
import type { ModelContext } from './context';
import type { Scope, Unit } from './scope';
import { torchvisionBackbone } from './torchvision';
import { convTranspose2d } from './torch';

/**
 * A module whose row gives the width of its output (scaled), and whose input width is that of its source. `a` are the
 * arguments behind both; `n` the repeats, which rows with `repeats` take themselves.
 */
export interface WideRow {
  repeats: boolean;
  build(scope: Scope, c1: number, c2: number, a: Arguments, n: number, context: ModelContext): Unit;
}

/** n, then [shortcut, groups, expansion]. */
const cspOf = (a: Arguments, n: number, shortcut: boolean, e = 0.5): Csp => ({
  n,
  shortcut: a.flag(0, shortcut),
  g: a.count(1, 1),
  e: a.number(2, e),
});

/** [kernel, stride, padding, groups, dilation, activation] */
function convArguments(a: Arguments, { parseActivation }: ModelContext): ConvArguments {
  const act = a.raw(5) ?? true;
  return {
    k: a.sizes(0, 1),
    s: a.sizes(1, 1),
    p: a.raw(2) === undefined || a.raw(2) === null ? null : a.sizes(2, 0, 0),
    g: a.count(3, 1),
    d: a.count(4, 1),
    act: typeof act === 'string' ? parseActivation(act) : act !== false && act !== 0,
  };
}

const single = (build: WideRow['build']): WideRow => ({ repeats: false, build });
const stage = (build: WideRow['build']): WideRow => ({ repeats: true, build });

const csp =
  (make: (scope: Scope, c1: number, c2: number, csp: Csp) => Unit, shortcut: boolean): WideRow['build'] =>
  (scope, c1, c2, a, n) =>
    make(scope, c1, c2, cspOf(a, n, shortcut));

/** One row a module. */
export const WIDE_ROWS: Readonly<Record<string, WideRow>> = {
  Conv: single((scope, c1, c2, a, _, context) => conv(scope, c1, c2, convArguments(a, context))),
  DWConv: single((scope, c1, c2, a) =>
    depthwise(scope, c1, c2, { k: a.sizes(0, 1), s: a.sizes(1, 1), d: a.count(2, 1), act: a.flag(3, true) }),
  ),
  ConvTranspose: single((scope, c1, c2, a) =>
    convTranspose(scope, c1, c2, a.count(0, 2), a.count(1, 2), a.count(2, 0, 0), a.flag(3, true), a.flag(4, true)),
  ),
  'nn.ConvTranspose2d': single((scope, c1, c2, a) =>
    convTranspose2d(scope, c1, c2, a.count(0), {
      stride: a.count(1, 1),
      padding: a.count(2, 0, 0),
      outputPadding: a.count(3, 0, 0),
      groups: a.count(4, 1),
      bias: a.flag(5, true),
    }),
  ),
  DWConvTranspose2d: single((scope, c1, c2, a) =>
    depthwiseTranspose(scope, c1, c2, a.count(0, 1), a.count(1, 1), a.count(2, 0, 0), a.count(3, 0, 0)),
  ),
  Focus: single((scope, c1, c2, a) => focus(scope, c1, c2, { k: a.count(0, 1), s: a.count(1, 1) })),
  GhostConv: single((scope, c1, c2, a) =>
    ghostConv(scope, c1, c2, { k: a.count(0, 1), s: a.count(1, 1), g: a.count(2, 1), act: a.flag(3, true) }),
  ),
  GhostBottleneck: single((scope, c1, c2, a) => ghostBottleneck(scope, c1, c2, a.count(0, 3), a.count(1, 1))),
  Bottleneck: single((scope, c1, c2, a, _, { family }) => {
    const common = { shortcut: a.flag(0, true), g: a.count(1, 1) };
    return family === 'yolov5'
      ? bottleneck(scope, c1, c2, { ...common, k: [1, 3], e: a.number(2, 0.5) })
      : bottleneck(scope, c1, c2, { ...common, k: a.kernels(2, [3, 3]), e: a.number(3, 0.5) });
  }),
  SPP: single((scope, c1, c2, a) => spp(scope, c1, c2, a.numbers(0, [5, 9, 13]))),
  SPPF: single((scope, c1, c2, a) => sppf(scope, c1, c2, a.count(0, 5), a.count(1, 3))),
  SPPELAN: single((scope, c1, c2, a) => sppElan(scope, c1, c2, a.count(0), a.count(1, 5))),
  AConv: single((scope, c1, c2) => aConv(scope, c1, c2)),
  ADown: single((scope, c1, c2) => aDown(scope, c1, c2)),
  SCDown: single((scope, c1, c2, a) => scDown(scope, c1, c2, a.count(0), a.count(1))),
  PSA: single((scope, c1, c2, a) => psa(scope, c1, c2, a.number(0, 0.5))),
  RepNCSPELAN4: single((scope, c1, c2, a) => elan(scope, c1, c2, a.count(0), a.count(1), a.count(2, 1))),
  ELAN1: single((scope, c1, c2, a) => elan(scope, c1, c2, a.count(0), a.count(1), null)),
  C1: stage((scope, c1, c2, _, n) => c1Block(scope, c1, c2, n)),
  C2: stage(csp(c2Block, true)),
  C2f: stage(csp(c2f, false)),
  C3: stage(csp(c3, true)),
  C3x: stage(csp(c3x, true)),
  C3Ghost: stage(csp(c3Ghost, true)),
  C3TR: stage(csp(c3Transformer, true)),
  BottleneckCSP: stage(csp(bottleneckCsp, true)),
  C2fAttn: stage((scope, c1, c2, a, n, { scaling, text }) => {
    // Embedding channels and heads are scaled by rules of their own.
    const most = Math.floor(scaling.limit / 2);
    const given = a.count(1, 1);
    const heads =
      given > 1 ? Math.trunc(Math.max(Math.min(given, Math.floor(most / 32)) * scaling.multiple, 1)) : given;
    const own: Csp = { n, shortcut: a.flag(3, false), g: a.count(4, 1), e: a.number(5, 0.5) };
    const embedding = scaling.width(a.count(0, 128), most);
    const unit = c2fAttention(scope, c1, c2, own, { embedding, heads, textWidth: a.count(2, text.width) });
    return (x) => unit(x, text.current);
  }),
  C3k2: stage((scope, c1, c2, a, n, { scaling }) => {
    const settings: Csp = { n, e: a.number(1, 0.5), g: a.count(2, 1), shortcut: a.flag(3, true) };
    // The larger scales nest a stage in each unit whatever the row says.
    const nested = /^[mlx]$/.test(scaling.scale ?? '') || a.flag(0, false);
    return c3k2(scope, c1, c2, nested, settings);
  }),
  C2fCIB: stage((scope, c1, c2, a, n) =>
    c2fCib(scope, c1, c2, { n, shortcut: a.flag(0, false), g: a.count(2, 1), e: a.number(3, 0.5) }, a.flag(1, false)),
  ),
  C2PSA: stage((scope, c1, c2, a, n) => c2Psa(scope, c1, c2, n, a.number(0, 0.5))),
  C2fPSA: stage((scope, c1, c2, a, n) => c2fPsa(scope, c1, c2, n, a.number(0, 0.5))),
  RepC3: stage((scope, c1, c2, a, n) => repC3(scope, c1, c2, n, a.number(0, 1))),
  A2C2f: stage((scope, c1, c2, a, n, { scaling, areaForm }) => {
    // The two largest scales append a residual with a scale of its own and a narrower feed-forward.
    const large = /^[lx]$/.test(scaling.scale ?? '') && a.length <= 2;
    return a2c2f(scope, c1, c2, {
      n,
      attention: a.flag(0, true),
      area: a.count(1, 1, -1),
      residual: large || a.flag(2, false),
      ratio: large ? (areaForm === 'turbo' ? 1.5 : 1.2) : a.number(3, 2),
      e: a.number(4, 0.5),
      g: a.count(5, 1),
      shortcut: a.flag(6, true),
      form: areaForm,
    });
  }),
};

/** Modules that name input and output widths in ways of their own; `width` is what later rows take as their input. */
export interface OwnRow {
  width(a: Arguments, source: number): number;
  repeats: boolean;
  build(scope: Scope, c1: number, a: Arguments, n: number): Unit;
}

export const OWN_ROWS: Readonly<Record<string, OwnRow>> = {
  HGStem: {
    repeats: false,
    width: (a) => a.count(1),
    build: (scope, c1, a) => hgStem(scope, c1, a.count(0), a.count(1)),
  },
  HGBlock: {
    repeats: true,
    width: (a) => a.count(1),
    build: (scope, c1, a, n) =>
      hgBlock(scope, c1, a.count(0), a.count(1), {
        k: a.count(2, 3),
        n,
        light: a.flag(3, false),
        shortcut: a.flag(4, false),
      }),
  },
  AIFI: {
    repeats: false,
    width: (_, source) => source,
    build: (scope, c1, a) => {
      if (a.raw(3) !== undefined && a.raw(3) !== null)
        throw new Unreadable('unsupported', 'An activation given to AIFI is not supported; leave it off.');
      const layer = { hidden: a.count(0, 2048), heads: a.count(1, 8), dropout: a.number(2, 0) };
      return aifi(scope, c1, { ...layer, normaliseFirst: a.flag(4, false) });
    },
  },
  TorchVision: {
    repeats: false,
    width: (a) => a.count(0),
    build: (scope, _, a) => torchvisionBackbone(scope, a),
  },
  ChannelAttention: {
    repeats: false,
    width: (_, source) => source,
    build: (scope, _, a) => channelAttention(scope, a.count(0)),
  },
  SpatialAttention: {
    repeats: false,
    width: (_, source) => source,
    build: (scope, _, a) => spatialAttention(scope, a.count(0, 7)),
  },
  CBAM: {
    repeats: false,
    width: (_, source) => source,
    build: (scope, _, a) => convolutionalAttention(scope, a.count(0), a.count(1, 7)),
  },
  ResNetLayer: {
    repeats: false,
    width: (a) => (a.flag(3, false) ? a.count(1) : a.count(1) * 4),
    build: (scope, _, a) =>
      resNetLayer(scope, a.count(0), a.count(1), a.count(2, 1), a.flag(3, false), a.count(4, 1), a.count(5, 4)),
  },
};

/** An activation given as a row, such as `nn.Sigmoid`. */
export function activationRow(module: string, scope: Scope, a: Arguments): Unit | null {
  if (!module.startsWith('nn.')) return null;
  const first = a.raw(0);
  const activation = activationOf(module.slice(3), typeof first === 'number' ? first : null);
  return activation && ((x: Tensor) => activation(scope.b, x));
}
