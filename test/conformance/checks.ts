import type { ModelGraph } from '../../src/graph/graph';
import type { TimeReport } from '../../src/report/report';
import type { LatticeResult } from '../../src/training/trainer';
import type { CaseParameter, ConformanceCase } from './case';

/** Outcome of one check of one case: `figure` is the worst deviation or the first disagreement, in words. */
export interface Outcome {
  passed: boolean;
  figure: string;
}

const pass = (figure: string): Outcome => ({ passed: true, figure });
const fail = (figure: string): Outcome => ({ passed: false, figure });
const same = (a: readonly number[], b: readonly number[]) => a.length === b.length && a.every((x, i) => x === b[i]);

/** Parameters in the framework's order with its shapes and names, trainable flags, and output shapes. */
export function checkStructure(graph: ModelGraph, { expect, framework }: ConformanceCase): Outcome {
  const got = graph.parameters;
  const wanted = expect.parameters;
  for (let i = 0; i < Math.max(got.length, wanted.length); i++) {
    const g = got[i];
    const w = wanted[i];
    if (g === undefined || w === undefined) return fail(`${got.length} parameters instead of ${wanted.length}`);
    if (!same(g.shape, w.shape))
      return fail(`${w.name}: [${g.shape.join()}] instead of [${w.shape.join()}] (${g.name})`);
    if (framework === 'pytorch' && g.name !== w.name) return fail(`name ${g.name} instead of ${w.name}`);
    if (g.trainable !== (w.trainable ?? true)) return fail(`${w.name}: trainable ${g.trainable}`);
  }
  const outputs = graph.outputs.map((value) => graph.values[value]?.shape ?? []);
  if (outputs.length !== expect.outputs.length || !outputs.every((shape, i) => same(shape, expect.outputs[i] ?? [])))
    return fail(`outputs ${JSON.stringify(outputs)} instead of ${JSON.stringify(expect.outputs)}`);
  return pass(`${wanted.length} parameters`);
}

/** Standard deviation of the initialisation within a factor 1 +- 4 / sqrt(8 n), for 8 elements and more. */
export function checkInit(deviations: readonly number[], { expect }: ConformanceCase): Outcome {
  let worst = 0;
  for (const [i, wanted] of expect.parameters.entries()) {
    const n = wanted.shape.reduce((a, b) => a * b, 1);
    const got = deviations[i];
    if (got === undefined) return fail(`no figure for ${wanted.name}`);
    if (n < 8) continue;
    const tolerance = 4 / Math.sqrt(8 * n);
    // The pack prints six digits: a constant fill shows as zero.
    if (Math.abs(got - wanted.initStd) <= 1e-6) continue;
    const off = Math.abs(got / wanted.initStd - 1) / tolerance;
    if (!(off <= 1)) return fail(`${wanted.name}: ${got.toPrecision(4)} instead of ${wanted.initStd}`);
    worst = Math.max(worst, off);
  }
  return pass(`worst ${(worst * 100).toFixed(0)} % of the tolerance`);
}

/** Loss and gradient norms under the lattice rule, at the README's tolerances. */
export function checkGradients(result: LatticeResult, { id, expect }: ConformanceCase): Outcome {
  const allowance = expect.outputNorms.reduce((sum, norm, j) => {
    const elements = (expect.outputs[j] ?? []).reduce((a, b) => a * b, 1);
    return sum + norm / Math.sqrt(elements);
  }, 0);
  const lossError = Math.abs(result.loss - expect.loss) / allowance;
  if (!(lossError <= 1e-4)) return fail(`loss ${result.loss} instead of ${expect.loss}`);
  const norm = (p: CaseParameter) => (p.used === false ? 0 : (p.gradNorm ?? 0));
  const largest = Math.max(...expect.parameters.map(norm));
  let worst = 0;
  for (const [i, wanted] of expect.parameters.entries()) {
    const got = result.parameters[i];
    if (got === undefined) return fail(`no gradient for ${wanted.name}`);
    const measured = got.reached ? 2 ** got.log2GradientNorm : 0;
    const target = norm(wanted);
    if (target > 1e-13 * largest) {
      const tolerance = id === 'torch-densenet' && wanted.name.endsWith('bias') ? 3e-3 : 1e-3;
      const error = Math.abs(measured / target - 1) / tolerance;
      if (!(error <= 1))
        return fail(`${wanted.name}: ${measured.toExponential(4)} instead of ${target.toExponential(4)}`);
      worst = Math.max(worst, error * tolerance);
    } else if (!(measured <= 1e-6 * largest)) {
      return fail(
        `${wanted.name}: ${measured.toExponential(2)} where there is none (largest ${largest.toExponential(2)})`,
      );
    }
  }
  return pass(`loss ${lossError.toExponential(1)}, gradients ${worst.toExponential(1)}`);
}

/** 1-based line of the constructor call of every parameter's layer. */
export function checkLines(graph: ModelGraph, { expect }: ConformanceCase): Outcome {
  for (const [i, wanted] of expect.parameters.entries()) {
    const span = graph.parameters[i]?.span;
    const line = span ? span.range.start.line + 1 : null;
    const [wantedLine, wantedCell] =
      typeof wanted.line === 'number' ? [wanted.line, undefined] : [wanted.line.line, wanted.line.cell];
    if (line !== wantedLine || span?.cell !== wantedCell)
      return fail(`${wanted.name}: line ${String(line)} instead of ${JSON.stringify(wanted.line)}`);
  }
  return pass(`${expect.parameters.length} lines`);
}

/** Verdict, and the flagged parameters without the borderline ones. */
export function checkVerdict(verdict: string, flagged: readonly string[], { health }: ConformanceCase): Outcome {
  if (verdict !== health.verdict) return fail(`${verdict} instead of ${health.verdict}`);
  const scored = (names: readonly string[]) => names.filter((name) => !health.borderline.includes(name)).sort();
  const got = scored(flagged);
  const wanted = scored(health.flagged);
  const extra = got.filter((name) => !wanted.includes(name));
  const missing = wanted.filter((name) => !got.includes(name));
  if (extra.length > 0 || missing.length > 0)
    return fail(`${verdict}, but flagged too many [${extra.join()}], too few [${missing.join()}]`);
  return pass(`${verdict}${got.length > 0 ? `, ${got.length} flagged` : ''}`);
}

/** The verdict along time, and the memory horizon of each recurrent layer within 25 % of the reference's. */
export function checkTime(layers: readonly TimeReport[], item: ConformanceCase): Outcome {
  const { health } = item;
  const reference = Object.entries(health.reference.time ?? {});
  if (layers.length !== reference.length) return fail(`${layers.length} layers instead of ${reference.length}`);
  const figures: string[] = [];
  for (const [name, { 'lagBelow1e-2': wanted }] of reference) {
    const first = firstParameter(name, item);
    const layer = layers.find(({ parameters }) => parameters.includes(first));
    if (!layer) return fail(`nothing was measured for ${name}`);
    const { horizon } = layer;
    const close = horizon === null || wanted === null ? horizon === wanted : Math.abs(horizon / wanted - 1) <= 0.25;
    const figure = `${name}: horizon ${String(horizon)} (reference ${String(wanted)})`;
    if (!close) return fail(figure);
    figures.push(figure);
  }
  const verdict = layers.some(({ vanishing }) => vanishing) ? 'vanishing' : 'healthy';
  if (verdict !== health.timeVerdict) return fail(`${verdict} instead of ${String(health.timeVerdict)}`);
  return pass(`${verdict}; ${figures.join('; ')}`);
}

/**
 * Number of the first parameter of the layer that the reference calls so: `rnn_l1` has `rnn.weight_ih_l1`, `forward_gru`
 * has `reader/forward_gru/gru_cell/kernel`. Keras' own numbering of layers depends on what was made before.
 */
function firstParameter(layer: string, { framework, expect }: ConformanceCase): number {
  const stacked = layer.replace(/_(l\d+)$/, '.weight_ih_$1');
  return expect.parameters.findIndex(({ name }) =>
    framework === 'pytorch' ? name === stacked : name.split('/').includes(layer),
  );
}
