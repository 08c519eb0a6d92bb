import type { Problem, ReadRequest, ReadResult } from '../../graph/reading';
import { Unreadable } from '../unreadable';
import { FileReading } from './fileReading';
import { startOf } from './lowering';
import { Broken, type InterpreterAssets, SealedInterpreter } from './sealed/interpreter';
import { DEFAULT_TRACING_LIMITS, type TracingLimits } from './tracing';

/** Characters of the largest file that is run; what is larger holds data or a bundle. */
const LARGEST_FILE = 4 * 2 ** 20;
/** Bytes of WebAssembly memory above which the interpreter is made anew, since its memory never shrinks. */
const LARGEST_HEAP = 64 * 2 ** 20;

/** Reads TensorFlow.js models out of JavaScript and TypeScript by running the files in sealed QuickJS. */
export class JavascriptReader {
  #interpreter: SealedInterpreter | null = null;

  constructor(
    private readonly assets: InterpreterAssets,
    private readonly limits: TracingLimits = DEFAULT_TRACING_LIMITS,
  ) {}

  async start(): Promise<void> {
    this.#interpreter ??= await SealedInterpreter.boot(this.assets);
  }

  /** Every failure of the file's own making is a located problem of the result. */
  async read(request: ReadRequest): Promise<ReadResult> {
    const files = request.files.map(({ path }) => path);
    const empty: ReadResult = {
      problems: [],
      models: [],
      files: [request.path, ...files.filter((path) => path !== request.path)],
    };
    const active = request.files.find(({ path }) => path === request.path);
    if (!active || !mayHoldModel(request.files)) return empty;
    if (active.text.length > LARGEST_FILE) return { ...empty, problems: [tooLarge(request.path, active.text.length)] };
    await this.start();
    try {
      const interpreter = this.#interpreter;
      if (!interpreter) throw new Broken('not started');
      return { ...empty, ...new FileReading(interpreter, request, active.text, this.limits).run() };
    } catch (error) {
      if (error instanceof Unreadable) return { ...empty, problems: [error.problem(null)] };
      if (!(error instanceof Broken)) throw error;
      this.#interpreter = null;
      return { ...empty, problems: [brokenProblem(request.path)] };
    }
  }

  /** Cleans up after an answer; the next request then finds the interpreter as new. */
  reset(): void {
    if (this.#interpreter && this.#interpreter.heap > LARGEST_HEAP) this.#interpreter = null;
    this.#interpreter?.reset();
  }
}

/** Running a file that never mentions the library is of no use. */
function mayHoldModel(files: ReadRequest['files']): boolean {
  return files.some(({ text }) => text.includes('@tensorflow/tfjs') || /\btf\.(sequential|model|layers)\b/.test(text));
}

const tooLarge = (path: string, length: number): Problem => ({
  code: 'too-large',
  message: `This file has ${Math.round(length / 2 ** 20)} million characters, at most ${LARGEST_FILE / 2 ** 20} are read: it holds data or a bundle. Move what builds the model into a file of its own.`,
  span: startOf(path),
  related: [],
});

const brokenProblem = (path: string): Problem => ({
  code: 'out-of-memory',
  message:
    'Reading was stopped: the code needs more memory or stack than any model definition. Export a function that builds the model.',
  span: startOf(path),
  related: [],
});
