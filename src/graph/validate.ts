import { type Static, type TObject, type TSchema, Type } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler';
import {
  Framework,
  GraphInput,
  GraphModule,
  GraphParameter,
  GraphValue,
  Guess,
  type ModelGraph,
  Recipe,
} from './graph';
import { OP_ATTRIBUTES, type OpName } from './ops';
import { Problem, type ReadModel, type ReadResult } from './reading';
import { SourceSpan } from './source';

const index = Type.Integer({ minimum: 0 });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

const Node = Type.Object({
  op: Type.String(),
  attributes: Type.Object({}),
  inputs: Type.Array(index),
  outputs: Type.Array(index, { minItems: 1 }),
  module: nullable(index),
  span: nullable(SourceSpan),
});

const Graph = Type.Object({
  schema: Type.Literal(1),
  framework: Framework,
  inputs: Type.Array(GraphInput),
  values: Type.Array(GraphValue),
  parameters: Type.Array(GraphParameter),
  modules: Type.Array(GraphModule),
  nodes: Type.Array(Node),
  outputs: Type.Array(index),
  recipe: Recipe,
  guesses: Type.Array(Guess),
});

const Result = Type.Object({
  problems: Type.Array(Problem),
  models: Type.Array(
    Type.Object({
      name: Type.String(),
      entry: Type.String(),
      framework: Framework,
      span: nullable(SourceSpan),
      graph: nullable(Type.Unknown()),
      unread: nullable(Problem),
      guesses: Type.Array(Guess),
    }),
  ),
  files: Type.Array(Type.String()),
});

/** What a reader handed over does not have the form that the rest of the product relies on: a fault of ours, never the user's. */
export class InvalidReading extends Error {
  override readonly name = 'InvalidReading';
}

/**
 * Holds what comes out of a sandbox against the schemas, and the graph's references against each other: every value made
 * by exactly one node, used only after it, every number inside its table. One instance compiles its checks once.
 */
export class ReadingValidator {
  readonly #graph = TypeCompiler.Compile(Graph);
  readonly #result = TypeCompiler.Compile(Result);
  readonly #attributes = new Map<string, TypeCheck<TObject>>();

  /** @throws InvalidReading naming the first thing that is wrong. */
  result(candidate: unknown): ReadResult {
    const result: Static<typeof Result> = checked(this.#result, candidate, 'reading');
    const models = result.models.map((model): ReadModel => {
      if ((model.graph === null) === (model.unread === null))
        throw new InvalidReading(`model ${model.name} must have either a graph or a reason why there is none`);
      return { ...model, graph: model.graph === null ? null : this.graph(model.graph) };
    });
    return { ...result, models };
  }

  /** @throws InvalidReading naming the first thing that is wrong. */
  graph(candidate: unknown): ModelGraph {
    const graph = checked(this.#graph, candidate, 'graph');
    const made = new Set<number>();
    for (const [n, node] of graph.nodes.entries()) {
      const where = `node ${n} (${node.op})`;
      if (!isOp(node.op)) throw new InvalidReading(`${where}: no such op`);
      this.#checkAttributes(node.op, node.attributes, where);
      for (const value of node.inputs)
        if (!made.has(value)) throw new InvalidReading(`${where}: value ${value} is used before it is made`);
      for (const value of node.outputs) {
        if (made.has(value) || value >= graph.values.length)
          throw new InvalidReading(`${where}: value ${value} is not its to make`);
        made.add(value);
      }
      if (node.module !== null && node.module >= graph.modules.length)
        throw new InvalidReading(`${where}: no module ${node.module}`);
    }
    for (const value of graph.outputs)
      if (!made.has(value)) throw new InvalidReading(`output value ${value} is made by no node`);
    for (const place of graph.recipe.terms ?? [])
      if (place >= graph.outputs.length)
        throw new InvalidReading(`a term of the loss is output ${place}, which there is not`);
    for (const parameter of graph.parameters)
      if (parameter.module !== null && parameter.module >= graph.modules.length)
        throw new InvalidReading(`parameter ${parameter.name}: no module ${parameter.module}`);
    // Ops and attributes were held against the vocabulary one by one, which is what ModelGraph says in types.
    return graph as ModelGraph;
  }

  #checkAttributes(op: OpName, attributes: unknown, where: string): void {
    let check = this.#attributes.get(op);
    if (!check) {
      check = TypeCompiler.Compile(OP_ATTRIBUTES[op]);
      this.#attributes.set(op, check);
    }
    checked(check, attributes, where);
  }
}

function isOp(name: string): name is OpName {
  return Object.hasOwn(OP_ATTRIBUTES, name);
}

function checked<T extends TSchema>(check: TypeCheck<T>, candidate: unknown, what: string): Static<T> {
  if (check.Check(candidate)) return candidate;
  const error = check.Errors(candidate).First();
  throw new InvalidReading(`${what}${error?.path ?? ''}: ${error?.message ?? 'malformed'}`);
}
