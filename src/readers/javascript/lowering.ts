import type { GraphParameter, ModelGraph } from '../../graph/graph';
import type { Problem, ReadModel, ReadRequest } from '../../graph/reading';
import type { SourceSpan } from '../../graph/source';
import { readKerasJson } from '../kerasJson/kerasJsonReader';
import type { Discovered } from './discovery';
import { OwnLayers } from './ownLayers';
import { recipeOf } from './recipe';
import type { Failure, FoundModel } from './sandbox/records';
import type { CallSite } from './source/callSites';
import { withBatch } from './source/directives';
import { withSpansMapped } from './spans';
import { TOPOLOGY, TopologyText } from './topologyText';
import type { Tracing } from './tracing';

/** Lowers what was traced; places in the topology become places in the user's code. */
export function readModelOf(
  found: Discovered,
  request: ReadRequest,
  sites: readonly CallSite[],
  tracing: Tracing,
): ReadModel {
  const topology = new TopologyText(found.model.topology, sites);
  const own = new OwnLayers(tracing, found.model.number, sites);
  const lowered = readKerasJson(
    {
      path: TOPOLOGY,
      files: [{ path: TOPOLOGY, text: topology.text }],
      inputs: request.inputs ?? withBatch(found.declaration?.directive ?? null, request.batch),
      batch: request.batch,
    },
    own.rowOf,
  );
  const { problems, models } = withSpansMapped(lowered, (span) => topology.origin(span));
  const [model] = models;
  const guesses = found.guess === null ? [] : [{ message: found.guess, span: found.span }];
  const frame = { name: found.name, entry: found.entry, framework: 'tfjs' as const, span: found.span };
  if (!model?.graph) {
    const unread = model?.unread ??
      problems[0] ?? { code: 'no-model', message: 'The model has no layers.', span: found.span, related: [] };
    return { ...frame, graph: null, unread: reworded(unread), guesses };
  }
  const graph = completed(model.graph, found.model, sites, guesses);
  return { ...frame, graph, unread: null, guesses: graph.guesses };
}

export function located(failure: Failure, sites: readonly CallSite[], path: string): Problem {
  const span = failure.site === null ? null : (sites[failure.site]?.span ?? null);
  return { code: failure.code, message: failure.message, span: span ?? startOf(path), related: [] };
}

export const startOf = (path: string): SourceSpan => ({
  path,
  range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
});

function completed(
  graph: ModelGraph,
  model: FoundModel,
  sites: readonly CallSite[],
  guesses: ReadModel['guesses'],
): ModelGraph {
  return {
    ...graph,
    parameters: model.weightsSet ? graph.parameters.map(withUnknownStart) : graph.parameters,
    recipe: recipeOf(model.compiled, sites),
    guesses: [...guesses, ...graph.guesses],
  };
}

function withUnknownStart(parameter: GraphParameter): GraphParameter {
  const reason = 'The file sets or loads the weights of this model.';
  return {
    ...parameter,
    initialiser: { kind: 'unknown', reason, assumed: parameter.initialiser },
    initialiserOrigin: 'checkpoint',
  };
}

/** What is said of a layer or an input in a JSON file does not fit one whose code is here. */
function reworded(problem: Problem): Problem {
  if (problem.code === 'no-input-shape')
    return {
      ...problem,
      code: 'needs-input',
      message:
        'The code does not say what shape the input has. Give the first layer an `inputShape`, or say it in a comment: `// gradient-lens: input=[28, 28, 1]`, without the batch.',
    };
  if (problem.code !== 'unknown-layer') return problem;
  const name = /`[^`]+`/.exec(problem.message)?.[0] ?? 'This';
  return {
    ...problem,
    message: `${name} is a layer that cannot be read here. Build the model of TensorFlow.js' own layers to have it diagnosed.`,
  };
}
