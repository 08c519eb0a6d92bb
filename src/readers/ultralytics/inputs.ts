import type { GraphBuilder, Tensor } from '../graphBuilder';
import { Unreadable } from '../unreadable';
import { TextFeatures } from './context';
import type { AssemblyOptions } from './assemble';
import type { Configuration } from './document';

/** Rows that make something of the size of pictures: for all others it is a matter of cost. */
const FIXES_SIZE = new Set(['nn.Linear', 'nn.Flatten', 'nn.LayerNorm']);

/** Modules that read class names beside the picture. */
const TEXT_MODULES = new Set(['C2fAttn', 'ImagePoolingAttn', 'WorldDetect']);

export const wantsText = ({ rows }: Configuration): boolean => rows.some(({ module }) => TEXT_MODULES.has(module));

/** Pixels a side that the package trains on unless it is told otherwise: classifiers, all others. */
const usualSide = ({ rows }: Configuration) => (rows.at(-1)?.module === 'Classify' ? 224 : 640);

/** The picture, [batch, channels, side, side]. */
export function readInput(b: GraphBuilder, { configuration, request, side }: AssemblyOptions): Tensor {
  const { settings, span, rows } = configuration;
  const given = settings.get('ch') ?? settings.get('channels') ?? 3;
  if (typeof given !== 'number' || !Number.isSafeInteger(given) || given < 1)
    throw new Unreadable('bad-argument', '`ch` must be the number of channels of the input.', span);
  const asked = request.inputs?.[0];
  if (asked && (asked.shape.length !== 4 || asked.shape[1] !== given))
    throw new Unreadable(
      'shape-mismatch',
      `The input is [batch, ${given}, height, width]; [${asked.shape.join(', ')}] was given.`,
      span,
    );
  const shape = [...(asked?.shape ?? [request.batch, given, side, side])];
  if (asked) return b.input({ name: 'x', shape, kind: 'float', origin: 'declared', reason: 'The shape was given.' });
  const usual = usualSide(configuration);
  if (!rows.some(({ module }) => FIXES_SIZE.has(module))) {
    const reason = `Ultralytics trains on pictures of ${usual} x ${usual} unless it is told otherwise; they were reduced to ${side} x ${side} to keep the measurement short. No layer depends on their size.`;
    return b.input({ name: 'x', shape, kind: 'float', origin: 'declared', reason });
  }
  const reason = `The file does not say how large pictures are; ${side} x ${side} fits all rows.`;
  b.guess(`Pictures of ${side} x ${side} were taken; the file does not say their size.`, span);
  return b.input({ name: 'x', shape, kind: 'float', origin: 'guessed', reason });
}

/** The class names of an open-vocabulary model, encoded: [batch, classes, width]. */
export function readText(b: GraphBuilder, { configuration, request }: AssemblyOptions): TextFeatures {
  const { rows, settings, span } = configuration;
  const head = rows.find(({ module }) => module === 'WorldDetect');
  const asked = request.inputs?.[1];
  const given = head?.arguments[1] ?? 512;
  const width = typeof given === 'number' ? given : 512;
  const classes = settings.get('nc') ?? 80;
  const batch = request.inputs?.[0]?.shape[0] ?? request.batch;
  if (typeof classes !== 'number' || !Number.isSafeInteger(classes) || classes < 1)
    throw new Unreadable('bad-argument', '`nc` must be the number of classes.', span);
  if (asked && (asked.shape.length !== 3 || asked.shape[0] !== batch || asked.shape[2] !== width))
    throw new Unreadable(
      'shape-mismatch',
      `The text features are [batch, classes, ${width}]; [${asked.shape.join(', ')}] was given.`,
      span,
    );
  const text = new TextFeatures(width);
  text.first = b.input({
    name: 'txt_feats',
    shape: [...(asked?.shape ?? [batch, classes, width])],
    kind: 'float',
    origin: 'declared',
    reason: asked ? 'The shape was given.' : `One vector of ${width} for each of the ${classes} classes (\`nc\`).`,
  });
  return text;
}
