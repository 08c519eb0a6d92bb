import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose';
import type { ModelGraph } from '../../../src/graph/graph';
import type { Candidate } from '../../../src/remedies/candidate';
import type { Remedy } from '../../../src/report/report';
import { prove, type ModelBefore, type ProofContext } from '../../../src/remedies/prove';
import { effortFor, tryRemedies, USUAL_EFFORT } from '../../../src/remedies/tryRemedies';
import type { GradientTrace } from '../../../src/trace/trace';
import { traceOf } from '../diagnosis/builder';
import { stack } from './stacks';

const TEXT = `from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(*[m for _ in range(20) for m in (nn.Linear(32, 32), nn.Sigmoid())])
`;
const PLACES = { layer: 'nn.Linear(32, 32)', activation: 'nn.Sigmoid()' };

function modelBefore(name = 'Net'): ModelBefore {
  return { name, entry: `${name}()`, ...stack(TEXT, PLACES) };
}

/** The graph that a text stands for: another activation makes another graph. */
function graphOf(text: string): ModelGraph {
  const activation = /nn\.(Sigmoid|ReLU|LeakyReLU|GELU|SiLU|SELU)\(\)/.exec(text)?.[0] ?? '';
  const op = activation === 'nn.Sigmoid()' ? 'sigmoid' : 'relu';
  const { graph } = stack(text, { ...PLACES, activation, op, activationType: activation.slice(3, -2) });
  const he = text.includes('kaiming');
  for (const parameter of graph.parameters) {
    if (he) parameter.initialiser = { kind: 'normal', mean: 0, std: 0.25 };
  }
  return graph;
}

/** A trace in which weight k of n lies `decades` under the last one, evenly. */
function falling(graph: ModelGraph, decades: number): GradientTrace {
  const last = graph.parameters.length - 1;
  const figures = graph.parameters.map((_, k) => -0.5 - (decades * (last - k)) / last);
  return traceOf(
    graph,
    figures.map((late) => ({ start: late, late })),
  );
}

interface World {
  /** Decades lost over the stack after the edit, per seed. */
  decades: number[];
  /** Loss that the edited models come down to on a repeated batch. */
  learnt?: number;
  /** Steps after which the time for the edited models is over. */
  steps?: number;
  others?: { before: ModelBefore; decades: number }[];
}

function contextFor({ decades, others = [], learnt = 0.5, steps }: World): ProofContext & { trained: ModelGraph[] } {
  const subject = modelBefore();
  const [finding] = subject.diagnosis.findings;
  if (!finding) throw new Error('Nothing was found.');
  const trained: ModelGraph[] = [];
  return {
    files: [{ path: 'net.py', text: TEXT }],
    models: [subject, ...others.map(({ before }) => before)],
    subject,
    finding,
    trained,
    read: (files) => Promise.resolve(graphOf(files[0]!.text)),
    train: (graph, plan) => {
      // One batch by heart: the loss falls from 2 to `learnt`, before the edit to 1.
      if (plan.repeated) {
        const run = falling(graph, 1);
        const end = graph === subject.graph ? 1 : learnt;
        const seeds = run.seeds.map((seed) => ({ ...seed, loss: seed.loss.map((_, i) => (i === 0 ? 2 : end)) }));
        return Promise.resolve({ ...run, plan, seeds });
      }
      trained.push(graph);
      const other = others[trained.length - 2];
      const runs = (trained.length > 1 && other ? [other.decades] : decades).map((lost) => falling(graph, lost));
      const seeds = runs.flatMap((run, seed) => run.seeds.map((one) => ({ ...one, seed })));
      return Promise.resolve({
        plan: { ...runs[0]!.plan, seeds: seeds.map(({ seed }) => seed) },
        seeds,
        ...(steps === undefined ? {} : { seeds: seeds.map((seed) => ({ ...seed, steps })) }),
        partial: steps !== undefined,
      });
    },
  };
}

const SWAP: Candidate = {
  id: 'swap',
  title: 'Swap',
  edits: [
    {
      path: 'net.py',
      range: { start: { line: 4, character: 86 }, end: { line: 4, character: 98 } },
      text: 'nn.ReLU()',
    },
  ],
};

describe('a proof', () => {
  it('holds where the edited model is healthy in every seed, with the figures of both sides', async () => {
    const context = contextFor({ decades: [1, 2, 0.5] });
    const remedy = await prove(SWAP, context);
    expect(remedy).toMatchObject({ status: 'proved', reason: null, preferred: false });
    expect(remedy.measured.before).toMatchObject({ verdict: 'vanishing' });
    expect(remedy.measured.before?.logRelativeGradient).toBeCloseTo(-15.9, 5);
    expect(remedy.measured.after?.verdict).toBe('healthy');
    expect(remedy.measured.after?.logRelativeGradient).toBeCloseTo(-1.5, 5);
  });

  it('fails on one seed that is not healthy, although the median is', async () => {
    const remedy = await prove(SWAP, contextFor({ decades: [1, 1, 5] }));
    expect(remedy.status).toBe('improves');
    expect(remedy.reason).toContain('not in each');
  });

  it('only improves where fewer weights are starved', async () => {
    const remedy = await prove(SWAP, contextFor({ decades: [5] }));
    expect(remedy.status).toBe('improves');
    expect(remedy.measured.after?.verdict).toBe('vanishing');
  });

  it('is refuted where nothing gets better, and still shows what was measured', async () => {
    const remedy = await prove(SWAP, contextFor({ decades: [15] }));
    expect(remedy.status).toBe('refuted');
    expect(remedy.measured.after?.verdict).toBe('vanishing');
    expect(remedy.reason).toMatch(/verdict is vanishing/);
  });

  it('is refuted without training where the edit does not reach the model', async () => {
    const context = contextFor({ decades: [1] });
    const remedy = await prove({ ...SWAP, edits: [{ ...SWAP.edits[0]!, text: 'nn.Sigmoid()' }] }, context);
    expect(remedy).toMatchObject({ status: 'refuted', reason: 'The edit changes nothing that the model computes.' });
    expect(context.trained).toHaveLength(0);
  });

  it('is refuted where the edited text cannot be read, with the reader’s own words', async () => {
    const context = contextFor({ decades: [1] });
    const problem = { code: 'runtime-error', message: 'no such layer', span: null, related: [] };
    const remedy = await prove(SWAP, { ...context, read: () => Promise.resolve(problem) });
    expect(remedy.status).toBe('refuted');
    expect(remedy.reason).toContain('no such layer');
  });

  it('needs every model that the edit changes', async () => {
    const other = modelBefore('Other');
    const both = await prove(SWAP, contextFor({ decades: [1], others: [{ before: other, decades: 1 }] }));
    expect(both.status).toBe('proved');
    const half = await prove(SWAP, contextFor({ decades: [1], others: [{ before: other, decades: 5 }] }));
    expect(half.status).toBe('improves');
    expect(half.reason).toContain('`Other`');
    const healthy = { ...other, diagnosis: diagnose(other.graph, falling(other.graph, 1)) };
    const worse = await prove(SWAP, contextFor({ decades: [1], others: [{ before: healthy, decades: 5 }] }));
    expect(worse.status).toBe('refuted');
  });

  it('is refuted where a batch is learnt less well, and shows both losses', async () => {
    const remedy = await prove(SWAP, contextFor({ decades: [1], learnt: 1.5 }));
    expect(remedy.status).toBe('refuted');
    expect(remedy.reason).toContain('by heart');
    expect(remedy.measured.before?.learnt).toEqual({ start: 2, end: 1 });
    expect(remedy.measured.after?.learnt).toEqual({ start: 2, end: 1.5 });
    const alike = await prove(SWAP, contextFor({ decades: [1], learnt: 1.19 }));
    expect(alike.status).toBe('proved');
  });

  it('says that it was not tested where the time ended too early, and judges a run that was long enough', async () => {
    const short = await prove(SWAP, contextFor({ decades: [1], steps: 9 }));
    expect(short).toMatchObject({ status: 'untested', measured: { after: null } });
    const long = await prove(SWAP, contextFor({ decades: [1], steps: 20 }));
    expect(long.status).toBe('proved');
  });

  it('stops when it is aborted', async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(prove(SWAP, { ...contextFor({ decades: [1] }), signal: stop.signal })).rejects.toThrow();
  });
});

describe('trying the remedies of a finding', () => {
  it('proves best first, prefers the first proved, and says which were not tried', async () => {
    const context = contextFor({ decades: [1] });
    const states = [];
    for await (const state of tryRemedies(context, { most: 6, enough: 2 })) states.push(state);
    expect(states[0]?.every(({ status }) => status === 'untested')).toBe(true);
    const last = states.at(-1) ?? [];
    expect(last.filter(({ preferred }) => preferred).map(({ id }) => id)).toEqual(['swap-activation/relu+he']);
    expect(last.map(({ status }) => status)).toEqual(['proved', 'proved', ...Array<string>(8).fill('untested')]);
    expect(last[2]?.reason).toContain('Not tried');
    expect(new Set(last.map(({ id }) => id)).size).toBe(last.length);
  });

  it('begins no further remedy once the time is over, and says so', async () => {
    let last: Remedy[] = [];
    let asked = 0;
    const context = { ...contextFor({ decades: [1] }), isOver: () => asked++ >= 1 };
    for await (const state of tryRemedies(context)) last = state;
    expect(last.map(({ status }) => status)).toEqual(['proved', ...Array<string>(last.length - 1).fill('untested')]);
    expect(last[1]?.reason).toBe('Not tried: the time for proofs was over.');
  });

  it('is content with the first that holds where a proof is estimated to take long, whatever the machine', () => {
    const { subject } = contextFor({ decades: [1] });
    expect(effortFor(subject)).toEqual(USUAL_EFFORT);
    const long = { ...subject, trace: { ...subject.trace, plan: { ...subject.trace.plan, steps: 100_000 } } };
    expect(effortFor(long).enough).toBe(1);
    expect(effortFor(long).most).toBeLessThan(USUAL_EFFORT.most);
  });

  it('prefers nothing where nothing is proved', async () => {
    let last: Remedy[] = [];
    for await (const state of tryRemedies(contextFor({ decades: [15] }))) last = state;
    expect(last.length).toBeGreaterThan(3);
    expect(last.filter(({ preferred }) => preferred)).toEqual([]);
  });
});
