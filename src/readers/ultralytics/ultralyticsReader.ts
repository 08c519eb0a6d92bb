import type { ModelGraph } from '../../graph/graph';
import type { ReadModel, ReadRequest, ReadResult } from '../../graph/reading';
import { Unreadable } from '../unreadable';
import { Assembler } from './assemble';
import { type Configuration, readConfiguration } from './document';
import { type Scaling, scalingOf } from './scaling';

/** Pixels a side, tried in turn where nobody names one: all strides of the shipped models divide 64; a Linear row may want another. */
const SIDES = [64, 32, 48, 96, 128, 160, 192, 224, 256, 320];

function assembled(configuration: Configuration, scaling: Scaling, request: ReadRequest, name: string): ModelGraph {
  const sides = request.inputs ? SIDES.slice(0, 1) : SIDES;
  let first: Unreadable | null = null;
  for (const side of sides) {
    try {
      return new Assembler(configuration, scaling, request, side).assemble(name);
    } catch (error) {
      if (!(error instanceof Unreadable) || error.code !== 'shape-mismatch') throw error;
      first ??= error;
    }
  }
  throw first ?? new Unreadable('malformed', 'The configuration has no rows.');
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
  const name = (request.path.split('/').at(-1) ?? request.path).replace(/\.ya?ml$/i, '');
  const model: ReadModel = {
    name,
    entry: request.entry ?? '',
    framework: 'pytorch',
    span: configuration.span,
    graph: null,
    unread: null,
    guesses: [],
  };
  try {
    const scaling = scalingOf(configuration, request.path, request.entry);
    const graph = assembled(configuration, scaling, request, name);
    if (scaling.assumed)
      graph.guesses.push({
        message: `Scale '${scaling.scale ?? ''}' was taken, the first of the file.`,
        span: model.span,
      });
    const entry = scaling.scale ?? '';
    return { ...empty, models: [{ ...model, entry, graph, guesses: graph.guesses }] };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { ...empty, models: [{ ...model, unread: error.problem(configuration.span) }] };
  }
}
