import { Unreadable } from '../unreadable';

export type Layout = 'channelsFirst' | 'channelsLast';
export type Pad = [before: number, after: number];

export interface Window {
  pads: Pad[];
  sizes: number[];
}

/**
 * Pads and output sizes of a sliding window under TensorFlow's rules: 'valid' none; 'same' gives ceil(n / stride) and puts
 * the odd pad after; 'causal' pads before only.
 */
export function windowOf(
  padding: string,
  input: readonly number[],
  kernel: readonly number[],
  stride: readonly number[],
  dilation: readonly number[],
): Window {
  const pads: Pad[] = [];
  const sizes: number[] = [];
  for (const [i, n] of input.entries()) {
    const step = stride[i] ?? 1;
    const reach = ((kernel[i] ?? 1) - 1) * (dilation[i] ?? 1) + 1;
    const pad = padOf(padding, n, reach, step);
    const size = Math.floor((n + pad[0] + pad[1] - reach) / step) + 1;
    if (size < 1)
      throw new Unreadable(
        'shape-mismatch',
        `A window of ${reach} does not fit into ${n} (input [${input.join(', ')}]). Use a smaller kernel, fewer poolings, or padding 'same'.`,
      );
    pads.push(pad);
    sizes.push(size);
  }
  return { pads, sizes };
}

function padOf(padding: string, n: number, reach: number, step: number): Pad {
  switch (padding.toLowerCase()) {
    case 'valid':
      return [0, 0];
    case 'causal':
      return [reach - 1, 0];
    case 'same': {
      const total = Math.max(0, (Math.ceil(n / step) - 1) * step + reach - n);
      return [Math.floor(total / 2), Math.ceil(total / 2)];
    }
    default:
      throw new Unreadable('bad-argument', `\`padding\` is '${padding}'; it must be 'valid', 'same' or 'causal'.`);
  }
}

/** The sizes between batch and channels. */
export function spatialOf(shape: readonly number[], layout: Layout): readonly number[] {
  return layout === 'channelsFirst' ? shape.slice(2) : shape.slice(1, -1);
}

export function channelsOf(shape: readonly number[], layout: Layout): number {
  return (layout === 'channelsFirst' ? shape[1] : shape.at(-1)) ?? 1;
}

/** [N, ...spatial, C] or [N, C, ...spatial]. */
export function imageShape(batch: number, channels: number, spatial: readonly number[], layout: Layout): number[] {
  return layout === 'channelsFirst' ? [batch, channels, ...spatial] : [batch, ...spatial, channels];
}

export function layoutOf(dataFormat: string): Layout {
  const plain = dataFormat.toLowerCase().replaceAll('_', '');
  if (plain === 'channelslast') return 'channelsLast';
  if (plain === 'channelsfirst') return 'channelsFirst';
  throw new Unreadable(
    'bad-argument',
    `\`data_format\` is '${dataFormat}'; it must be 'channels_last' or 'channels_first'.`,
  );
}
