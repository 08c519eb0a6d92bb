import type { ReadModel, ReadRequest, ReadResult } from '../../graph/reading';
import { frameworkOf } from '../layers/dialect';
import { isKerasArchive } from '../modelFile';
import { Unreadable } from '../unreadable';
import { Assembler, type OwnLayerRow } from './assemble';
import { JsonDocument } from './document';
import { recipeOf } from './recipe';
import { findModel, TopologyReader } from './topology';

/** Cheap test for a file that may describe a model: any other JSON passes without a word, broken or not. */
export function mayBeModelJson(text: string): boolean {
  return text.includes('"class_name"') || text.includes('"modelTopology"') || text.includes('"weightsManifest"');
}

/**
 * Reads Keras 2, Keras 3 and TensorFlow.js models out of their JSON. Never throws for what the file holds.
 * @param own lowers layers whose class is the user's own, where their code is at hand
 */
export function readKerasJson(request: ReadRequest, own: OwnLayerRow | null = null): ReadResult {
  const text = request.files.find(({ path }) => path === request.path)?.text ?? '';
  const empty: ReadResult = { problems: [], models: [], files: [request.path] };
  if (!mayBeModelJson(text)) return empty;
  try {
    const found = findModel(new JsonDocument(request.path, text).root);
    if (found === null) return empty;
    const topology = new TopologyReader().read(found.model);
    const model: ReadModel = {
      name: topology.name,
      entry: topology.name,
      framework: frameworkOf(found.dialect),
      span: topology.span,
      graph: null,
      unread: null,
      guesses: [],
    };
    try {
      const weights = isKerasArchive(request.path) ? 'The archive holds the weights of a trained model.' : null;
      const graph = new Assembler(found.dialect, request, own, weights).assemble(topology);
      graph.recipe = recipeOf(found.training);
      return { ...empty, models: [{ ...model, graph, guesses: graph.guesses }] };
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      return { ...empty, models: [{ ...model, unread: error.problem(topology.span) }] };
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { ...empty, problems: [error.problem(null)] };
  }
}
