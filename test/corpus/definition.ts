/** A model definition that a reader of the file should find; `from` and `to` are its first and last line, counted from 0. */
export interface Definition {
  path: string;
  name: string;
  /** A class, a function that builds it, a variable that holds it, or a file that declares it. */
  kind: 'class' | 'builder' | 'variable' | 'file';
  from: number;
  to: number;
}

/** A file of a repository; `path` is relative to it. */
export interface SourceText {
  path: string;
  text: string;
}
