import { Unreadable } from '../unreadable';
import type { Configuration } from './document';

/** Depth and width multiples of one scale. */
export interface Scaling {
  /** The scale's letter; null where the file has no `scales`. */
  scale: string | null;
  depth: number;
  /** Largest number of channels before the multiple. */
  limit: number;
  multiple: number;
  /** Channels after the limit and the width multiple, as a multiple of eight. */
  width(channels: number, limit?: number): number;
}

/** The scale in a file's name. */
export const LETTER = /yolo(?:e-?)?v?\d+-?([nsmlxbtc])(?![a-z])/i;

/** Which scale a configuration is read at: the one asked for, that of the file's name, or the first, as Ultralytics itself takes it. */
export function scalingOf({ settings, span }: Configuration, path: string, entry: string | undefined): Scaling {
  const scales = settings.get('scales');
  if (typeof scales !== 'object' || scales === null)
    return scaling(null, settings.get('depth_multiple') ?? 1, settings.get('width_multiple') ?? 1, Infinity);
  const table = new Map<string, unknown>(Object.entries(scales));
  const named = LETTER.exec(path.split('/').at(-1) ?? '')?.[1];
  const [first] = table.keys();
  const scale = entry !== undefined && entry !== '' ? entry : named !== undefined && table.has(named) ? named : first;
  const row: unknown = scale === undefined ? undefined : table.get(scale);
  if (scale === undefined || !Array.isArray(row))
    throw new Unreadable(
      'bad-argument',
      `There is no scale '${scale ?? ''}' in this file; it has ${[...table.keys()].join(', ')}.`,
      span,
    );
  const [depth, width, limit] = row as unknown[];
  return scaling(scale, depth, width, limit ?? Infinity);
}

function scaling(scale: string | null, depth: unknown, width: unknown, limit: unknown): Scaling {
  if (typeof depth !== 'number' || typeof width !== 'number' || typeof limit !== 'number' || !(width > 0))
    throw new Unreadable('bad-argument', 'A scale must be [depth, width, max_channels], all numbers.');
  return {
    scale,
    depth,
    limit,
    multiple: width,
    width: (channels, most = limit) => Math.ceil((Math.min(channels, most) * width) / 8) * 8,
  };
}
