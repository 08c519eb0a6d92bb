import type { ModelGraph } from '../graph/graph';
import type { FlowReport, Histogram, WeightFlow } from '../report/flow';
import type { ElementHistogram, GradientTrace } from '../trace/trace';
import { contextOf, type DiagnosisContext } from './context';
import type { Diagnosis } from './diagnosis';
import { initialiserText } from './initialiserText';
import { layersOf } from './layers';
import { type MeasurementWindow } from './measurementWindow';
import { finite } from './parameterReports';
import { relativeGradient } from './relativeGradient';
import { shapeReport } from './shapeReport';
import { DECADES_PER_OCTAVE, largest, median, smallest } from './statistics';

/** Figures of each step and the model's shape, for the panel. Biases are left out unless they are flagged. */
export function flowReport(graph: ModelGraph, trace: GradientTrace, diagnosis: Diagnosis): FlowReport {
  const context = contextOf(graph, trace);
  const layers = layersOf(context);
  return {
    weights: graph.parameters.flatMap(({ shape }, number) => {
      const verdict = diagnosis.parameters[number]?.verdict ?? 'unjudged';
      return shape.length >= 2 || !['unjudged', 'healthy'].includes(verdict) ? [weightFlow(number, context)] : [];
    }),
    loss: steps(trace).map((step) => finite(median(trace.seeds.map(({ loss }) => loss[step] ?? NaN)))),
    activations: layers.map((layer) => {
      const output = layer.nodes.at(-1)?.outputs[0] ?? -1;
      return summed(trace.seeds.flatMap(({ values }) => values[output]?.histogram ?? []));
    }),
    ...shapeReport(context, layers),
  };
}

function weightFlow(parameter: number, { graph, trace, window }: DiagnosisContext): WeightFlow {
  const described = graph.parameters[parameter];
  const samples = [...windowed(trace, window, parameter)];
  return {
    parameter,
    initialiser: described ? initialiserText(described) : '',
    low: short(smallest(samples)),
    high: short(largest(samples)),
    steps: steps(trace).map((step) =>
      short(relativeGradient(trace, { first: step, last: step, atInitialisation: false }, parameter)),
    ),
    gradients: inDecades(summed(trace.seeds.flatMap(({ parameters }) => parameters[parameter]?.histogram ?? []))),
  };
}

/** log10 relative gradient of each seed and step of the window. */
function* windowed(trace: GradientTrace, { first, last }: MeasurementWindow, parameter: number): Generator<number> {
  for (const seed of trace.seeds) {
    for (let step = first; step <= last && step < seed.steps; step++) {
      const one = { ...trace, seeds: [seed] };
      yield relativeGradient(one, { first: step, last: step, atInitialisation: false }, parameter);
    }
  }
}

const steps = (trace: GradientTrace): number[] =>
  Array.from({ length: Math.max(0, ...trace.seeds.map((seed) => seed.steps)) }, (_, step) => step);

/** Two decimals of a decade are more than the eye sees, and make the report shorter. */
const short = (log10: number): number | null => (Number.isFinite(log10) ? Math.round(log10 * 100) / 100 : null);

/** Those of the latest step that was counted, as one. Bins of octaves line up; others take the widest range. */
function summed(all: readonly ElementHistogram[]): Histogram | null {
  const step = Math.max(...all.map((each) => each.step));
  const parts = all.filter((each) => each.step === step && each.counts.length > 0);
  const zeros = all.reduce((sum, each) => sum + (each.step === step ? each.zeros : 0), 0);
  const [one] = parts;
  if (!one) return all.length === 0 ? null : { step, first: 0, width: 1, counts: [], zeros };
  const width = Math.max(...parts.map((each) => each.width));
  const first = Math.min(...parts.map((each) => each.first));
  const end = Math.max(...parts.map((each) => each.first + each.width * each.counts.length));
  const counts = new Array<number>(Math.max(1, Math.ceil((end - first) / width - 1e-9))).fill(0);
  for (const each of parts) {
    each.counts.forEach((count, bin) => {
      const middle = each.first + (bin + 0.5) * each.width;
      const target = Math.min(counts.length - 1, Math.floor((middle - first) / width));
      counts[target] = (counts[target] ?? 0) + count;
    });
  }
  return { step, first, width, counts, zeros };
}

function inDecades(histogram: Histogram | null): Histogram | null {
  if (!histogram) return null;
  const { first, width } = histogram;
  return { ...histogram, first: first * DECADES_PER_OCTAVE, width: width * DECADES_PER_OCTAVE };
}
