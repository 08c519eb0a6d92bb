import { describe, expect, test } from 'vitest';
import type { ModelGraph } from '../../../src/graph/graph';
import type { ReadRequest, ReadResult } from '../../../src/graph/reading';
import { Analyser, SEEDS_NEAR_LIMIT } from '../../../src/pipeline/analyse';
import { traceKey } from '../../../src/pipeline/graphKey';
import type { DiagnoseRequest, Progress } from '../../../src/pipeline/options';
import { Pipeline } from '../../../src/pipeline/pipeline';
import type { ReaderPort, TrainerPort } from '../../../src/pipeline/ports';
import { withOriginalPaths } from '../../../src/pipeline/sources';
import { TraceCache } from '../../../src/pipeline/traceCache';
import type { TrainingPlan } from '../../../src/trace/plan';
import { plan as makePlan } from '../../../src/trace/planning';
import { TrainerPool } from '../../../src/workers/trainerPool';
import { flatTrace, readModel, twoLayers } from './fixtures';

/** A trainer that remembers what it was asked and answers with fixed figures. */
class FixedTrainer implements TrainerPort {
  readonly asked: TrainingPlan[] = [];

  constructor(
    private readonly figures: number[],
    private readonly partial = false,
  ) {}

  train(graph: ModelGraph, plan: TrainingPlan, options: Parameters<TrainerPort['train']>[2]) {
    this.asked.push(plan);
    for (const seed of plan.seeds) options.onStep?.(seed, plan.steps - 1, 1);
    return Promise.resolve(flatTrace(graph, plan, this.figures, this.partial));
  }
}

class FixedReader implements ReaderPort {
  readonly asked: ReadRequest[] = [];

  constructor(private readonly answer: (request: ReadRequest) => ReadResult) {}

  read(request: ReadRequest) {
    this.asked.push(request);
    return Promise.resolve(this.answer(request));
  }
}

const models = (...graphs: ModelGraph[]): ReadResult => ({
  problems: [],
  models: graphs.map((graph) => readModel(graph)),
  files: ['net.py'],
});
const sources = {
  load: (path: string, text: string) =>
    Promise.resolve({ active: 'net.py', files: [{ path: 'net.py', text }], original: () => path }),
};
const request = (options: DiagnoseRequest['options'] = {}): DiagnoseRequest => ({
  path: '/w/net.py',
  text: 'x',
  overlays: [],
  options,
});
const pipelineOf = (reader: ReaderPort, trainer: TrainerPort) =>
  new Pipeline(reader, new Analyser(trainer, new TraceCache(8)), sources, () => 0);

const HEALTHY = [-1, -0.5];
const VANISHED = [-9, -0.5];
const NEAR_LIMIT = [-3.2, -0.5];
const NEARLY_EXPLODING = [2.5, 2.6];

describe('seeds', () => {
  test.each([
    ['a plainly healthy model is trained once', HEALTHY, [[0]]],
    ['one near the limit is trained with three seeds', NEAR_LIMIT, [[0], [1, 2]]],
    ['so is one whose gradients are nearly large enough to count as exploding', NEARLY_EXPLODING, [[0], [1, 2]]],
    ['so is a vanished one', VANISHED, [[0], [1, 2]]],
  ])('%s', async (_, figures, seeds) => {
    const trainer = new FixedTrainer(figures);
    const { trace } = await new Analyser(trainer, new TraceCache(8)).analyseAsNeeded(
      twoLayers(),
      makePlan(twoLayers()),
      { budget: 1000 },
    );
    expect(trainer.asked.map((plan) => plan.seeds)).toEqual(seeds);
    expect(trace.seeds.map(({ seed }) => seed)).toEqual(seeds.flat());
  });

  test('a run may take twice the time that it was planned for: estimates are right within that', async () => {
    const budgets: (number | undefined)[] = [];
    const trainer = new FixedTrainer(HEALTHY);
    const watched: TrainerPort = {
      train: (graph, plan, options) => (budgets.push(options.budget), trainer.train(graph, plan, options)),
    };
    await pipelineOf(new FixedReader(() => models(twoLayers())), watched).diagnose(request({ budget: 5 }), {});
    expect(budgets).toEqual([10_000]);
  });

  test('a run cut short is neither repeated nor kept', async () => {
    const trainer = new FixedTrainer(VANISHED, true);
    const analyser = new Analyser(trainer, new TraceCache(8));
    const options = { budget: 1000 };
    await analyser.analyseAsNeeded(twoLayers(), makePlan(twoLayers()), options);
    await analyser.analyseAsNeeded(twoLayers(), makePlan(twoLayers()), options);
    expect(trainer.asked.map((plan) => plan.seeds)).toEqual([[0], [0]]);
  });
});

describe('traces are kept by what they measure', () => {
  const plan = makePlan(twoLayers());
  test('places, reasons and recipes do not count; numbers do', () => {
    const moved = twoLayers();
    for (const node of moved.nodes) node.span = null;
    for (const input of moved.inputs) input.reason = 'another';
    expect(traceKey(moved, plan)).toBe(traceKey(twoLayers(), plan));
    expect(traceKey(twoLayers(16), plan)).not.toBe(traceKey(twoLayers(), plan));
    expect(traceKey(twoLayers(), { ...plan, seeds: [1] })).not.toBe(traceKey(twoLayers(), plan));
    const other = twoLayers();
    other.parameters[0]!.initialiser = { kind: 'uniform', low: -1, high: 1 };
    expect(traceKey(other, plan)).not.toBe(traceKey(twoLayers(), plan));
  });

  test('the same graph is trained once', async () => {
    const trainer = new FixedTrainer(HEALTHY);
    const pipeline = pipelineOf(new FixedReader(() => models(twoLayers())), trainer);
    await pipeline.diagnose(request(), {});
    await pipeline.diagnose(request(), {});
    expect(trainer.asked).toHaveLength(1);
  });

  test('the one unused for longest goes first', () => {
    const cache = new TraceCache(2);
    const trace = flatTrace(twoLayers(), plan, HEALTHY);
    cache.set('a', trace);
    cache.set('b', trace);
    cache.get('a');
    cache.set('c', trace);
    expect([cache.get('a'), cache.get('b'), cache.get('c')].map((t) => t !== undefined)).toEqual([true, false, true]);
  });
});

describe('pipeline', () => {
  test('a vanished layer is reported under the path that the user knows, with its evidence', async () => {
    const seen: Progress[] = [];
    const report = await pipelineOf(new FixedReader(() => models(twoLayers())), new FixedTrainer(VANISHED)).diagnose(
      request({ prove: false }),
      { progress: (progress) => seen.push(progress) },
    );
    const [model] = report.models;
    expect(model?.verdict).toBe('vanishing');
    expect(model?.findings.map(({ path, parameters }) => ({ path, parameters }))).toEqual([
      { path: '/w/net.py', parameters: ['body.weight'] },
    ]);
    expect(model?.parameters.map(({ name, line, verdict }) => ({ name, line, verdict }))).toEqual([
      { name: 'body.weight', line: 4, verdict: 'vanishing' },
      { name: 'head.weight', line: 5, verdict: 'healthy' },
    ]);
    expect(model?.evidence?.seeds).toHaveLength(SEEDS_NEAR_LIMIT);
    expect(new Set(seen.map(({ stage }) => stage))).toEqual(new Set(['reading', 'training']));
  });

  test('what a comment or a setting silences stays in the report, and no remedy is tried for it', async () => {
    const diagnose = (text: string, options: DiagnoseRequest['options'] = {}) => {
      const trainer = new FixedTrainer(VANISHED);
      const reader = new FixedReader(() => models(twoLayers()));
      return pipelineOf(reader, trainer)
        .diagnose({ ...request(options), text }, {})
        .then((report) => ({ report, read: reader.asked.length }));
    };
    const plain = await diagnose('a\nb\nc\nd', { prove: false });
    const commented = await diagnose('a\nb\nc\nd  # gradient-lens: ignore[vanishing-gradient]');
    const off = await diagnose('a', { rules: { 'vanishing-gradient': 'off' } });
    const findings = ({ report }: typeof plain) => report.models[0]?.findings.map(({ silenced }) => silenced);
    expect(findings(plain)).toEqual([undefined]);
    expect(findings(commented)).toEqual(['A comment silences it.']);
    expect(findings(off)).toEqual(['The settings turn vanishing-gradient off.']);
    expect(commented.report.models[0]?.verdict).toBe('vanishing');
    const misspelt = await diagnose('a  # gradient-lens: ignore[vanishing]', { prove: false });
    expect(findings(misspelt)).toEqual([undefined]);
    expect(misspelt.report.problems).toMatchObject([{ code: 'bad-comment', path: '/w/net.py' }]);
  });

  test('declared inputs keep their sizes but for the batch', async () => {
    const reader = new FixedReader(() => models(twoLayers()));
    await pipelineOf(reader, new FixedTrainer(HEALTHY)).diagnose(
      request({ inputs: [{ shape: [2, 8], kind: 'float' }] }),
      {},
    );
    expect(reader.asked.map(({ inputs }) => inputs)).toEqual([[{ shape: [32, 8], kind: 'float' }]]);
  });

  test('a model that fixes its batch is read as declared', async () => {
    const unread = { code: 'shape-mismatch', message: 'no', span: null, related: [] };
    const reader = new FixedReader(({ inputs }) =>
      inputs?.[0]?.shape[0] === 2
        ? models(twoLayers(2))
        : { problems: [], models: [readModel(null, { unread })], files: [] },
    );
    const report = await pipelineOf(reader, new FixedTrainer(HEALTHY)).diagnose(
      request({ inputs: [{ shape: [2, 8], kind: 'float' }] }),
      {},
    );
    expect(report.models[0]?.evidence?.batch).toBe(2);
  });

  test('what cannot be read says so and does not hide the others', async () => {
    const unread = { code: 'needs-input', message: 'Say the input.', span: null, related: [] };
    const reader = new FixedReader(() => ({
      problems: [{ code: 'runtime-error', message: 'boom', span: null, related: [] }],
      models: [readModel(null, { unread }), readModel(twoLayers())],
      files: [],
    }));
    const report = await pipelineOf(reader, new FixedTrainer(HEALTHY)).diagnose(request(), {});
    expect(report.problems.map(({ message, path }) => ({ message, path }))).toEqual([
      { message: 'boom', path: '/w/net.py' },
    ]);
    expect(report.models.map(({ verdict }) => verdict)).toEqual(['unread', 'healthy']);
    expect(report.models[0]?.unread?.code).toBe('needs-input');
  });

  test('a model too large to train is refused with the estimate, before anything is allocated', async () => {
    const graph = twoLayers();
    graph.parameters[0]!.shape = [1_000_000, 1_000_000];
    const trainer = new FixedTrainer(HEALTHY);
    const report = await pipelineOf(new FixedReader(() => models(graph)), trainer).diagnose(request(), {});
    expect(report.models[0]?.unread?.code).toBe('too-large');
    expect(report.models[0]?.unread?.message).toMatch(/GiB/);
    expect(trainer.asked).toEqual([]);
  });

  test('a failing trainer makes that model unread; a cancel rejects', async () => {
    const failing: TrainerPort = { train: () => Promise.reject(new Error('no kernel')) };
    const reader = () => new FixedReader(() => models(twoLayers()));
    const report = await pipelineOf(reader(), failing).diagnose(request(), {});
    expect(report.models[0]?.unread?.message).toContain('no kernel');
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(pipelineOf(reader(), failing).diagnose(request(), {}, stopped)).rejects.toThrow('no kernel');
  });
});

test('only spans get their path back', () => {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
  const given = { path: 'module.path', list: [{ path: 'a.py', range }] };
  expect(withOriginalPaths(given, (path) => `/w/${path}`)).toEqual({
    path: 'module.path',
    list: [{ path: '/w/a.py', range }],
  });
});

describe('trainer pool', () => {
  const plan = { ...makePlan(twoLayers()), seeds: [0, 1, 2, 3] };

  test('seeds run side by side, no trainer gets two at once, and their order is kept', async () => {
    let running = 0;
    let most = 0;
    const slow = () => {
      let busy = false;
      return {
        isReady: true,
        train: async (graph: ModelGraph, asked: TrainingPlan) => {
          expect(busy).toBe(false);
          busy = true;
          most = Math.max(most, ++running);
          // The first seed ends last.
          await new Promise((resolve) => setTimeout(resolve, 20 - 5 * (asked.seeds[0] ?? 0)));
          running--;
          busy = false;
          return flatTrace(graph, asked, HEALTHY);
        },
      };
    };
    const trace = await new TrainerPool([slow(), slow()]).train(twoLayers(), plan, {});
    expect(most).toBe(2);
    expect(trace.seeds.map(({ seed }) => seed)).toEqual([0, 1, 2, 3]);
    expect(trace.plan.seeds).toEqual([0, 1, 2, 3]);
  });

  test('one failed seed cancels the others and frees the trainers', async () => {
    const signals: AbortSignal[] = [];
    let fail = true;
    const trainer = {
      isReady: true,
      train: (graph: ModelGraph, asked: TrainingPlan, { signal }: Parameters<TrainerPort['train']>[2]) => {
        if (signal) signals.push(signal);
        return fail && asked.seeds[0] === 0
          ? Promise.reject(new Error('boom'))
          : Promise.resolve(flatTrace(graph, asked, HEALTHY));
      },
    };
    const pool = new TrainerPool([trainer]);
    await expect(pool.train(twoLayers(), plan, {})).rejects.toThrow('boom');
    expect(signals.every((signal) => signal.aborted)).toBe(true);
    fail = false;
    await expect(pool.train(twoLayers(), plan, {})).resolves.toMatchObject({ partial: false });
  });

  test('a pool without trainers is refused', () => expect(() => new TrainerPool([])).toThrow(RangeError));
});
