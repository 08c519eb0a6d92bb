import { SingleBar } from 'cli-progress';
import type { Progress } from '../pipeline/options';

/** A progress bar on the terminal behind `stream`; silent where that is no terminal. */
export class ProgressBar {
  readonly #bar: SingleBar | null;

  constructor(
    stream: NodeJS.WriteStream,
    private readonly total: number,
  ) {
    this.#bar =
      stream.isTTY && total > 0
        ? new SingleBar({
            stream,
            format: '{bar} {value}/{total} files  {detail}',
            barsize: 24,
            hideCursor: true,
            clearOnComplete: true,
            barCompleteChar: '█',
            barIncompleteChar: '░',
          })
        : null;
    this.#bar?.start(this.total, 0, { detail: '' });
  }

  show(path: string, progress: Progress): void {
    const model = progress.model === null ? '' : ` ${progress.model}`;
    this.#bar?.update({ detail: `${path}${model}: ${progress.stage} ${progress.detail}` });
  }

  fileDone(): void {
    this.#bar?.increment();
  }

  stop(): void {
    this.#bar?.stop();
  }
}
