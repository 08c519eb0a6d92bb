import type { FileReport, Finding, ModelReport, Remedy } from '../../../src/report/report';

// Reports for tests of the editor: only the parts that the editor reads are filled in with care.

export function remedy(parts: Partial<Remedy> = {}): Remedy {
  const path = '/w/net.py';
  return {
    id: 'swap-activation/relu+he',
    title: 'Replace `nn.Sigmoid` by `nn.ReLU` with He initialisation',
    edits: [{ path, range: { start: { line: 4, character: 8 }, end: { line: 4, character: 20 } }, text: 'nn.ReLU()' }],
    status: 'proved',
    preferred: true,
    measured: {
      before: { verdict: 'vanishing', logRelativeGradient: -11.678, loss: 1.6 },
      after: { verdict: 'healthy', logRelativeGradient: -2.187, loss: 0.4 },
    },
    reason: null,
    ...parts,
  };
}

export function finding(parts: Partial<Finding> = {}): Finding {
  return {
    code: 'vanishing-gradient',
    severity: 'warning',
    message: 'Gradients vanish in 20 layers made here.',
    path: '/w/net.py',
    range: { start: { line: 3, character: 8 }, end: { line: 3, character: 24 } },
    parameters: ['body.0.weight', 'body.2.weight'],
    cause: '20 x Sigmoid (line 5) took 11.4 decades.',
    causeKind: 'saturating-activation',
    attribution: [],
    related: [],
    remedies: [],
    ...parts,
  };
}

export function model(parts: Partial<ModelReport> = {}): ModelReport {
  return {
    name: 'Net',
    entry: 'Net()',
    framework: 'pytorch',
    span: null,
    verdict: 'healthy',
    unread: null,
    inputs: [],
    guesses: [],
    parameterCount: 10,
    parameters: [],
    layers: [],
    findings: [],
    evidence: {
      seeds: [0, 1, 2],
      steps: 31,
      batch: 32,
      optimiser: 'adam',
      learningRate: 1e-3,
      loss: 'cross-entropy',
      data: '',
      reductions: [],
      partial: false,
      yardstick: -1,
      limit: -4,
      undecided: null,
      milliseconds: { reading: 1, training: 1, proving: 1 },
    },
    ...parts,
  };
}

export function report(models: ModelReport[] = [model()], parts: Partial<FileReport> = {}): FileReport {
  return { path: '/w/net.py', problems: [], models, ...parts };
}
