import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { Unreadable } from '../unreadable';
import type { Answer, Failure, State, TraceAnswer } from './sandbox/records';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const site = nullable(Type.Integer({ minimum: 0 }));
const failure = Type.Object({ code: Type.String(), message: Type.String(), site });
const model = Type.Object({
  topology: Type.Unknown(),
  number: Type.Integer({ minimum: 0 }),
  calls: Type.Record(Type.String(), Type.Object({ given: nullable(Type.String()), coercions: Type.Integer() })),
  stack: Type.Array(Type.Integer({ minimum: 0 })),
  nested: Type.Array(Type.Integer({ minimum: 0 })),
  compiled: nullable(
    Type.Object({
      loss: nullable(Type.Array(Type.String())),
      optimiser: nullable(
        Type.Object({
          name: Type.String(),
          learningRate: nullable(Type.Number()),
          momentum: nullable(Type.Number()),
          site,
        }),
      ),
      site,
    }),
  ),
  weightsSet: Type.Boolean(),
  coercions: Type.Integer({ minimum: 0 }),
  before: Type.Integer({ minimum: 0 }),
  skipped: Type.Boolean(),
  guessed: Type.Array(Type.String()),
});
const answer = Type.Object({
  found: Type.Array(Type.Object({ path: Type.String(), model })),
  failure: nullable(failure),
});
const state = Type.Object({
  failures: Type.Array(Type.Object({ failure, variable: nullable(Type.String()) })),
  made: Type.Array(model),
  whereabouts: site,
});

const value = Type.Integer({ minimum: 0 });
const table = Type.Record(Type.String(), Type.Unknown());
const numbers = Type.Array(Type.Any());
const traced = Type.Object({
  trace: nullable(
    Type.Object({
      values: Type.Array(
        Type.Object({
          shape: Type.Array(Type.Integer({ minimum: 0, maximum: 2 ** 31 }), { maxItems: 8 }),
          dtype: Type.String(),
        }),
      ),
      inputs: Type.Array(value),
      outputs: Type.Array(value),
      nodes: Type.Array(
        Type.Object({
          kernel: Type.String(),
          inputs: Type.Array(Type.Object({ name: Type.String(), value })),
          attributes: table,
          outputs: Type.Array(value),
          site,
        }),
      ),
      weights: Type.Array(
        Type.Object({
          value,
          key: value,
          name: Type.String(),
          trainable: Type.Boolean(),
          initialiser: Type.Unknown(),
          start: nullable(
            Type.Union([
              Type.Object({ kind: Type.Literal('values'), values: numbers }),
              Type.Object({ kind: Type.Literal('drawn'), attributes: table }),
            ]),
          ),
        }),
      ),
      constants: Type.Array(Type.Object({ value, values: numbers })),
    }),
  ),
  failure: nullable(failure),
});

const checkAnswer = TypeCompiler.Compile(answer);
const checkState = TypeCompiler.Compile(state);
const checkTraced = TypeCompiler.Compile(traced);

/** Code inside the seal can tamper with what comes out of it, and then gets nothing but this refusal. */
function refusal(): Unreadable {
  return new Unreadable('malformed', 'The file changes built-in objects in a way that it cannot be read with.');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw refusal();
  }
}

/** @throws Unreadable unless the text has the form of an answer. */
export function answerOf(text: string): Answer {
  const value = parsed(text);
  if (!checkAnswer.Check(value)) throw refusal();
  return value satisfies Static<typeof answer>;
}

/** @throws Unreadable unless the text has the form of a state. */
export function stateOf(text: string): State {
  const value = parsed(text);
  if (!checkState.Check(value)) throw refusal();
  return value satisfies Static<typeof state>;
}

/** @throws Unreadable unless the text has the form of a trace. */
export function tracedOf(text: string): { trace: TraceAnswer | null; failure: Failure | null } {
  const found = parsed(text);
  if (!checkTraced.Check(found)) throw refusal();
  return found satisfies Static<typeof traced>;
}
