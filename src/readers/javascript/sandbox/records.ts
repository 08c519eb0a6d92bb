/** What the program inside the seal hands out, as JSON. Site numbers are those of the call site table. */
export interface Failure {
  /** `runtime-error`, `unknown-value`, `interrupted`. */
  code: string;
  message: string;
  site: number | null;
}

export interface CompiledWith {
  loss: string[] | null;
  optimiser: { name: string; learningRate: number | null; momentum: number | null; site: number | null } | null;
  site: number | null;
}

export interface CallSeen {
  /** The arguments as code, `(...)` included; null where they are not plain known data. */
  given: string | null;
  /** See `FoundModel`; at the time of the call. */
  coercions: number;
}

/** A model in the form of TensorFlow.js' own `model.toJSON()`, with the call site of each layer as `__site`. */
export interface FoundModel {
  topology: unknown;
  /** Number under which its layers can be asked for. */
  number: number;
  /** The last call of each of the file's own functions and classes when the model was made. */
  calls: Record<string, CallSeen>;
  /** Innermost first: the calls that were under way when the model was made. */
  stack: number[];
  /** Call sites of models inside this one. */
  nested: number[];
  compiled: CompiledWith | null;
  /** Whether the file loads or sets weights of it. */
  weightsSet: boolean;
  /** How often something unknown had been used as a number when the model was complete. */
  coercions: number;
  /** The same when the top-level statement began that makes the model. */
  before: number;
  /** Whether code was left out that would have added layers. */
  skipped: boolean;
  /** Names of unknown numbers that were filled in. */
  guessed: string[];
}

export interface Answer {
  /** Where the models lie in the value: '' for the value itself, `.model` for its property. */
  found: { path: string; model: FoundModel }[];
  failure: Failure | null;
}

/** One kernel call of TensorFlow.js. Values are numbers into the trace's table. */
export interface TracedNode {
  kernel: string;
  inputs: { name: string; value: number }[];
  attributes: Readonly<Record<string, unknown>>;
  outputs: number[];
  site: number | null;
}

/** How a variable that the file makes itself is filled at its start. */
export type WeightStart =
  { kind: 'values'; values: number[] } | { kind: 'drawn'; attributes: Readonly<Record<string, unknown>> };

export interface TracedWeight {
  value: number;
  /** The same for the same weight in every trace of a file. */
  key: number;
  name: string;
  trainable: boolean;
  /** `{class_name, config}`, or null where the file makes the variable itself. */
  initialiser: unknown;
  start: WeightStart | null;
}

/** The operations of one call of a layer of the file's own. */
export interface TraceAnswer {
  values: { shape: number[]; dtype: string }[];
  inputs: number[];
  outputs: number[];
  nodes: TracedNode[];
  weights: TracedWeight[];
  constants: { value: number; values: number[] }[];
}

export interface State {
  /** Top-level statements that failed, and the variable that each left without a value. */
  failures: { failure: Failure; variable: string | null }[];
  /** Models that were made and not asked for. */
  made: FoundModel[];
  whereabouts: number | null;
}
