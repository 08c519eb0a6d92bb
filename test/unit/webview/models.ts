import type { LayerReport, ModelReport, ParameterReport } from '../../../src/report/report';

// Reports for tests of the panel.

export const span = (line: number, path = 'net.py') => ({
  path,
  range: { start: { line, character: 0 }, end: { line, character: 9 } },
});

export const parameter = (
  name: string,
  late: number | null,
  change: Partial<ParameterReport> = {},
): ParameterReport => ({
  name,
  shape: [4, 4],
  line: 3,
  span: span(2),
  verdict: 'healthy',
  logRelativeGradient: { start: late, late },
  note: null,
  ...change,
});

export const layer = (path: string, parameters: number[], change: Partial<LayerReport> = {}): LayerReport => ({
  path,
  type: parameters.length > 0 ? 'Linear' : 'Sigmoid',
  span: span(2),
  parameters,
  outputShape: [32, 4],
  logGradient: -1,
  logBackwardGain: -0.5,
  activation: { mean: 0, deviation: 1, saturated: parameters.length > 0 ? null : 0.25, dead: null },
  ...change,
});

export const evidence = {
  seeds: [0, 1, 2],
  steps: 31,
  batch: 32,
  optimiser: 'adam',
  learningRate: 0.001,
  loss: 'cross-entropy',
  data: 'standard normal inputs',
  reductions: [],
  partial: false,
  yardstick: -0.6,
  limit: -3.6,
  undecided: null,
  milliseconds: { reading: 1, training: 1, proving: 1 },
};

export const model = (
  parameters: ParameterReport[],
  layers: LayerReport[] = [],
  change: Partial<ModelReport> = {},
): ModelReport => ({
  name: 'Net',
  entry: 'Net()',
  framework: 'pytorch',
  span: null,
  verdict: 'vanishing',
  unread: null,
  inputs: [],
  guesses: [],
  parameterCount: 1,
  parameters,
  layers,
  findings: [],
  evidence,
  ...change,
});

/** `count` pairs of a linear layer and a sigmoid, each linear layer `decades` below the one after it. */
export function stack(count: number, decades = 0.5, prefix = 'body'): ModelReport {
  const parameters = Array.from({ length: count }, (_, i) =>
    parameter(`${prefix}.${i}.0.weight`, -1 - (count - 1 - i) * decades, {
      verdict: -1 - (count - 1 - i) * decades < -3.6 ? 'vanishing' : 'healthy',
    }),
  );
  const layers = parameters.flatMap((_, i) => {
    const gradient = -1 - (count - 1 - i) * decades;
    return [
      layer(`${prefix}.${i}.0`, [i], { logGradient: gradient - decades, logBackwardGain: 0 }),
      layer(`${prefix}.${i}.1`, [], { logGradient: gradient, logBackwardGain: -decades }),
    ];
  });
  return model(parameters, layers);
}
