import { type Static, Type } from '@sinclair/typebox';
import type { Framework, Guess, ModelGraph } from './graph';
import { SourceSpan } from './source';

/** Something that kept a reader from reading; always says what to do about it. */
export const Problem = Type.Object({
  /** `syntax-error`, `import-error`, `runtime-error`, `shape-mismatch`, `unknown-layer`, `timeout`, ... */
  code: Type.String(),
  message: Type.String(),
  span: Type.Union([SourceSpan, Type.Null()]),
  /** Other places that belong to it (for a shape mismatch: the constructor). */
  related: Type.Array(Type.Object({ message: Type.String(), span: SourceSpan })),
});
export type Problem = Static<typeof Problem>;

/** One root model found in a file: its graph, or why there is none. */
export interface ReadModel {
  /** What the user calls it: class, factory or variable name. */
  name: string;
  /** The expression that makes it, e.g. `Net(depth=3)`; it can be given back as `entry`. */
  entry: string;
  framework: Framework;
  /** The class or builder definition, or the variable. */
  span: SourceSpan | null;
  graph: ModelGraph | null;
  /** Set exactly where `graph` is null. */
  unread: Problem | null;
  guesses: Guess[];
}

export interface ReadResult {
  problems: Problem[];
  models: ReadModel[];
  /** Paths of all files that took part, the active one first. */
  files: string[];
}

export interface InputRequest {
  shape: number[];
  kind: 'float' | 'int';
  high?: number | undefined;
}

export interface ReadRequest {
  /** The file to read; one of `files`. */
  path: string;
  files: { path: string; text: string }[];
  /** Read this expression (evaluated in the file's namespace) or top-level variable alone, instead of finding models. */
  entry?: string | undefined;
  inputs?: InputRequest[] | undefined;
  /** Scripts among `files` that use the file to read, the most telling first: what they give its models counts as known. */
  callers?: string[] | undefined;
  /** Batch size of inputs that the reader chooses itself, and of observed ones. */
  batch: number;
}
