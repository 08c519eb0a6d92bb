import type { CurvePoint } from '../report/flow';
import type { Comparison } from '../report/panelProtocol';
import type { FileReport, ModelReport } from '../report/report';

type Kept = Omit<Comparison, 'kind'>;

/** The models of one diagnosed text, by name. */
interface Diagnosed {
  text: string;
  models: ReadonlyMap<string, Kept>;
}

/** Earlier diagnoses to lay over the newest: of each file the one before the last edit, and those that were pinned. */
export class CurveHistory {
  readonly #latest = new Map<string, Diagnosed>();
  readonly #before = new Map<string, Diagnosed>();
  readonly #pinned = new Map<string, Kept>();
  readonly #now: () => number;

  /** `now` gives milliseconds since the epoch. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Keeps a complete diagnosis of `text`. */
  record(path: string, text: string, report: FileReport): void {
    const models = new Map(
      report.models.flatMap((model) => (model.unread === null ? [[model.name, this.#keep(model)] as const] : [])),
    );
    const latest = this.#latest.get(path);
    if (latest !== undefined && latest.text !== text) this.#before.set(path, latest);
    // A text that could not be read says nothing to compare with.
    if (models.size > 0) this.#latest.set(path, { text, models });
  }

  /** What there is to lay over the model of `text`. */
  comparisons(path: string, text: string, model: string): Comparison[] {
    const latest = this.#latest.get(path);
    const before = latest !== undefined && latest.text !== text ? latest : this.#before.get(path);
    const previous = before?.models.get(model);
    const pinned = this.#pinned.get(key(path, model));
    return [
      ...(previous ? [{ kind: 'previous' as const, ...previous }] : []),
      ...(pinned ? [{ kind: 'pinned' as const, ...pinned }] : []),
    ];
  }

  pin(path: string, model: ModelReport): void {
    this.#pinned.set(key(path, model.name), this.#keep(model));
  }

  unpin(path: string, model: string): void {
    this.#pinned.delete(key(path, model));
  }

  #keep({ verdict, parameters }: ModelReport): Kept {
    return { verdict, made: this.#now(), points: pointsOf(parameters) };
  }
}

const key = (path: string, model: string) => `${path}\n${model}`;

/** The judged and the flagged weights' figures. */
function pointsOf(parameters: ModelReport['parameters']): CurvePoint[] {
  return parameters.flatMap(({ name, verdict, logRelativeGradient: { late } }) =>
    verdict === 'unjudged' ? [] : [{ name, logRelativeGradient: late }],
  );
}
