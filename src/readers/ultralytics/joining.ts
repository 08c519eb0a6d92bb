import type { Tensor } from '../graphBuilder';
import { Unreadable } from '../unreadable';
import type { Arguments } from './arguments';
import { anchorDetect, anchorSegment } from './blocks/anchors';
import { detect, type DetectOptions, detectTwice, orientedBoxes, pose, segment } from './blocks/heads';
import { cbFuse } from './blocks/pyramid';
import { rtdetrDecoder } from './blocks/rtdetr';
import { imagePoolingAttention, worldDetect } from './blocks/world';
import type { ModelContext } from './context';
import type { Scope } from './scope';
import { concat } from './torch';

/** Rows whose output is one tensor, and rows (CBLinear, heads) that give several. */
export type Output = readonly Tensor[];

export interface Source {
  output: Output;
  /** What the format takes for the width of the output: it need not be true of it. */
  width: number;
}

/** The one tensor that a row gives. */
export function only({ output }: Source): Tensor {
  const [x, ...more] = output;
  if (x === undefined || more.length > 0)
    throw new Unreadable('bad-argument', 'The row read here gives several tensors; this module takes one.');
  return x;
}

/** A module that reads from several rows. What `build` makes runs at once; `width` is what later rows take as their input. */
export interface JoiningRow {
  width(sources: readonly Source[], context: ModelContext): number;
  build(scope: Scope, sources: readonly Source[], a: Arguments, context: ModelContext): () => Output;
}

/** What all heads want to know of their maps. */
function optionsOf(sources: readonly Source[], a: Arguments, context: ModelContext): DetectOptions {
  const { legacy, pictureHeight, smallestMap } = context;
  if (sources.some((source) => (only(source).shape[2] ?? 1) < smallestMap))
    throw new Unreadable('shape-mismatch', 'The coarsest map has a single place: use a larger input.');
  return {
    classes: a.count(0),
    widths: sources.map(({ width }) => width),
    strides: sources.map((source) => 2 ** Math.round(Math.log2(pictureHeight / (only(source).shape[2] ?? 1)))),
    legacy,
  };
}

type HeadBuild = (
  scope: Scope,
  options: DetectOptions,
  a: Arguments,
  context: ModelContext,
) => (features: readonly Tensor[]) => Output;

/** A head at the end; nothing reads from it. */
const head = (make: HeadBuild): JoiningRow => ({
  width: () => 1,
  build: (scope, sources, a, context) => {
    const run = make(scope, optionsOf(sources, a, context), a, context);
    return () => run(sources.map(only));
  },
});

/** One row a module. */
export const JOINING_ROWS: Readonly<Record<string, JoiningRow>> = {
  Concat: {
    width: (sources) => sources.reduce((sum, { width }) => sum + width, 0),
    build: (scope, sources, a) => {
      const axis = a.count(0, 1, 0);
      return () => [
        concat(
          scope,
          sources.flatMap(({ output }) => output),
          axis,
        ),
      ];
    },
  },
  CBFuse: {
    width: (sources) => sources.at(-1)?.width ?? 1,
    build: (scope, sources, a) => {
      const fuse = cbFuse(scope, a.numbers(0));
      return () => [fuse(sources.map(({ output }) => [...output]))];
    },
  },
  Detect: head((scope, options, a, context) =>
    context.family === 'yolov5' ? anchorDetect(scope, options, a.anchors(1)) : detect(scope, options),
  ),
  v10Detect: head((scope, options) => detectTwice(scope, options)),
  Segment: head((scope, options, a, { scaling, family }) =>
    family === 'yolov5'
      ? anchorSegment(scope, options, a.anchors(1), a.count(2, 32), scaling.width(a.count(3, 256)))
      : segment(scope, options, a.count(1, 32), scaling.width(a.count(2, 256))),
  ),
  Pose: head((scope, options, a) =>
    pose(
      scope,
      options,
      a.numbers(1, [17, 3]).reduce((size, n) => size * n, 1),
    ),
  ),
  OBB: head((scope, options, a) => orientedBoxes(scope, options, a.count(1, 1))),
  WorldDetect: head((scope, options, a, { text }) => {
    const run = worldDetect(scope, options, a.count(1, 512), a.flag(2, false));
    return (features) => run(features, text.first);
  }),
  ImagePoolingAttn: {
    // The format does not count the row's output; what it changes is the text.
    width: (_, { previousWidth }) => previousWidth,
    build: (scope, sources, a, { text }) => {
      const widths = sources.map(({ width }) => width);
      const run = imagePoolingAttention(scope, a.count(0, 256), widths, a.count(1, text.width));
      return () => {
        text.current = run(sources.map(only), text.current);
        return [text.current];
      };
    },
  },
  RTDETRDecoder: {
    width: () => 1,
    build: (scope, sources, a) => {
      if (a.raw(8) !== undefined && a.raw(8) !== null)
        throw new Unreadable('unsupported', 'An activation given to RTDETRDecoder is not supported; leave it off.');
      const run = rtdetrDecoder(scope, {
        classes: a.count(0),
        widths: sources.map(({ width }) => width),
        hidden: a.count(1, 256),
        queries: a.count(2, 300),
        points: a.count(3, 4),
        heads: a.count(4, 8),
        layers: a.count(5, 6),
        feedForward: a.count(6, 1024),
        dropout: a.number(7, 0),
        denoising: a.count(10, 100, 0),
        learnedQueries: a.flag(13, false),
      });
      return () => run(sources.map(only));
    },
  },
};
