import type { ModelGraph } from '../../graph/graph';
import type { ReadModel, ReadRequest, ReadResult } from '../../graph/reading';
import { Unreadable } from '../unreadable';
import { Assembler, type AssemblyOptions } from './assemble';
import type { AreaForm } from './blocks/areaAttention';
import { commentedInputs } from './comment';
import { type Configuration, readConfiguration } from './document';
import { countParameters, publishedParameters } from './published';
import { LETTER, scalingOf } from './scaling';

/** Pixels a side, tried in turn where nobody names one: all strides of the shipped models divide 64; a Linear row may want another. */
const SIDES = [64, 32, 48, 96, 128, 160, 192, 224, 256, 320];

type Asked = Omit<AssemblyOptions, 'side' | 'areaForm'>;

/** The smallest picture that all rows admit. */
function assembled(asked: Asked, areaForm: AreaForm, name: string): ModelGraph {
  const sides = asked.request.inputs ? SIDES.slice(0, 1) : SIDES;
  let first: Unreadable | null = null;
  for (const side of sides) {
    try {
      return new Assembler({ ...asked, side, areaForm }).assemble(name);
    } catch (error) {
      if (!(error instanceof Unreadable) || error.code !== 'shape-mismatch') throw error;
      first ??= error;
    }
  }
  throw first ?? new Unreadable('malformed', 'The configuration has no rows.');
}

/**
 * Area attention is published in two forms under one name. The package's own is taken, unless the file's comment counts the parameters
 * of the other.
 */
function inPublishedForm(asked: Asked, name: string, text: string): ModelGraph {
  const graph = assembled(asked, 'ultralytics', name);
  if (!asked.configuration.rows.some(({ module }) => module === 'A2C2f')) return graph;
  const published = publishedParameters(text, asked.scaling.scale);
  if (published === null || published === countParameters(graph)) return graph;
  const turbo = assembled(asked, 'turbo', name);
  return countParameters(turbo) === published ? turbo : graph;
}

/** `yolov8-seg.yaml` at scale n is called yolov8n-seg, as the package calls it; other names get the letter behind them. */
function nameOf(path: string, scale: string | null): string {
  const stem = (path.split('/').at(-1) ?? path).replace(/\.ya?ml$/i, '');
  if (scale === null || LETTER.exec(stem)?.[1] === scale) return stem;
  const named = stem.replace(/^(yolo(?:e-?)?v?\d+)(?![a-z\d])/i, `$1${scale}`);
  return named === stem ? `${stem} (scale ${scale})` : named;
}

/** Reads the model out of an Ultralytics configuration. Never throws for what the file holds. */
export function readUltralytics(request: ReadRequest): ReadResult {
  const text = request.files.find(({ path }) => path === request.path)?.text ?? '';
  const empty: ReadResult = { problems: [], models: [], files: [request.path] };
  let configuration: Configuration | null;
  try {
    configuration = readConfiguration(request.path, text);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { ...empty, problems: [error.problem(null)] };
  }
  if (configuration === null) return empty;
  const model: ReadModel = {
    name: nameOf(request.path, null),
    entry: request.entry ?? '',
    framework: 'pytorch',
    span: configuration.span,
    graph: null,
    unread: null,
    guesses: [],
  };
  try {
    const scaling = scalingOf(configuration, request.path, request.entry);
    const name = nameOf(request.path, scaling.scale);
    const inputs = request.inputs ?? commentedInputs(request.path, text, request.batch);
    const graph = inPublishedForm({ configuration, scaling, request: { ...request, inputs } }, name, text);
    return { ...empty, models: [{ ...model, name, entry: scaling.scale ?? '', graph, guesses: graph.guesses }] };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { ...empty, models: [{ ...model, unread: error.problem(configuration.span) }] };
  }
}
