import type { Tensor } from '../../graphBuilder';
import { relu } from '../activation';
import { repeated, type Scope, type Unit } from '../scope';
import { add, concat, maxPool } from '../torch';
import { conv, convChild, lightConv } from './conv';

/** The stem of PP-HGNetV2. */
export function hgStem(scope: Scope, c1: number, cm: number, c2: number): Unit {
  const half = Math.floor(cm / 2);
  const first = convChild(scope, 'stem1', c1, cm, { k: 3, s: 2, act: relu });
  const left = convChild(scope, 'stem2a', cm, half, { k: 2, p: 0, act: relu });
  const right = convChild(scope, 'stem2b', half, cm, { k: 2, p: 0, act: relu });
  const third = convChild(scope, 'stem3', cm * 2, cm, { k: 3, s: 2, act: relu });
  const last = convChild(scope, 'stem4', cm, c2, { act: relu });
  const pool = maxPool(scope, 2, { stride: 1, padding: 0, ceil: true });
  const padded = (x: Tensor) => {
    const [batch = 1, channels = 1, height = 1, width = 1] = x.shape;
    return scope.b.emit(
      'pad',
      {
        pads: [
          [0, 0],
          [0, 0],
          [0, 1],
          [0, 1],
        ],
        mode: 'constant',
        value: 0,
      },
      [x],
      [batch, channels, height + 1, width + 1],
    );
  };
  return (x) => {
    const y = padded(first(x));
    const deep = right(padded(left(y)));
    return last(third(concat(scope, [pool(y), deep])));
  };
}

export interface HgBlock {
  k: number;
  n: number;
  light: boolean;
  shortcut: boolean;
}

/** Convolutions in a row, all outputs joined, squeezed and widened again. */
export function hgBlock(scope: Scope, c1: number, cm: number, c2: number, { k, n, light, shortcut }: HgBlock): Unit {
  const units = scope.list('m', repeated(n, cm), light ? 'LightConv' : 'Conv', (inner, c, i) => {
    const from = i === 0 ? c1 : c;
    return light ? lightConv(inner, from, c, k) : conv(inner, from, c, { k, act: relu });
  });
  const half = Math.floor(c2 / 2);
  const squeeze = convChild(scope, 'sc', c1 + n * cm, half, { act: relu });
  const widen = convChild(scope, 'ec', half, c2, { act: relu });
  const skips = shortcut && c1 === c2;
  return (x) => {
    const parts = [x];
    for (const unit of units) parts.push(unit(parts.at(-1) ?? x));
    const y = widen(squeeze(concat(scope, parts)));
    return skips ? add(scope, y, x) : y;
  };
}

function resNetBlock(scope: Scope, c1: number, c2: number, s: number, e: number): Unit {
  const c3 = e * c2;
  const first = convChild(scope, 'cv1', c1, c2);
  const second = convChild(scope, 'cv2', c2, c2, { k: 3, s, p: 1 });
  const third = convChild(scope, 'cv3', c2, c3, { act: false });
  const shortcut =
    s !== 1 || c1 !== c3
      ? scope.sequence('shortcut', [{ type: 'Conv', build: (inner) => conv(inner, c1, c3, { s, act: false }) }])
      : (x: Tensor) => x;
  return (x) => scope.b.same('relu', add(scope, third(second(first(x))), shortcut(x)));
}

/** He et al. 2016: the stem, or `n` bottleneck blocks of which the first may stride. */
export function resNetLayer(scope: Scope, c1: number, c2: number, s: number, first: boolean, n: number, e = 4): Unit {
  if (first)
    return scope.sequence('layer', [
      { type: 'Conv', build: (inner) => conv(inner, c1, c2, { k: 7, s: 2, p: 3 }) },
      { type: 'MaxPool2d', build: (inner) => maxPool(inner, 3, { stride: 2, padding: 1 }) },
    ]);
  return scope.sequence(
    'layer',
    Array.from({ length: n }, (_, i) => ({
      type: 'ResNetBlock',
      build: (inner: Scope) => resNetBlock(inner, i === 0 ? c1 : e * c2, c2, i === 0 ? s : 1, e),
    })),
  );
}
