import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../../src/editor/diagnoses';
import { formatLog10 } from '../../../src/editor/figures';
import { fixTitle } from '../../../src/editor/fixTitle';
import { commentPlace, inputComment, questionOf } from '../../../src/editor/inputQuestion';
import { panelState } from '../../../src/editor/panelState';
import type { ModelReport } from '../../../src/report/report';
import { FROZEN_NOTE } from '../../../src/report/unjudgedReason';
import { statusText } from '../../../src/editor/statusText';
import { finding, model, remedy, report } from './reports';

describe('figures', () => {
  it.each([
    [null, '0'],
    [0, '1'],
    [-1.5, '0.032'],
    [-2.187, '6.5e-3'],
    [-11.678, '2.1e-12'],
    [-602.3, '5.0e-603'],
    [-602, '1.0e-602'],
    [1.6, '40'],
    [4, '1.0e4'],
  ])('write 10^%s as %s', (log, text) => {
    expect(formatLog10(log)).toBe(text);
  });
});

describe('the title of a fix', () => {
  it('carries what was measured before and after', () => {
    expect(fixTitle(remedy(), 3)).toBe(
      'Replace `nn.Sigmoid` by `nn.ReLU` with He initialisation (gradient 2.1e-12 → 6.5e-3, healthy on 3 seeds)',
    );
  });

  it('does not call healthy what only improves', () => {
    const after = { verdict: 'vanishing', logRelativeGradient: -5, loss: 1 } as const;
    const title = fixTitle(remedy({ status: 'improves', measured: { ...remedy().measured, after } }), 1);
    expect(title).toContain('2.1e-12 → 1.0e-5, better, yet still vanishing');
    expect(title).not.toContain('healthy');
  });

  it('claims nothing where nothing was measured', () => {
    expect(fixTitle(remedy({ measured: { before: null, after: null } }), 3)).toBe(remedy().title);
  });
});

describe('the language status', () => {
  const texts = new Map<string, string>();
  const done = (parts: Partial<Diagnosis>): Diagnosis => ({
    texts,
    report: report(),
    isCurrent: true,
    outdated: null,
    state: { phase: 'done', milliseconds: 1234 },
    ...parts,
  });

  it('is busy with a cancel command while it runs', () => {
    const progress = { stage: 'training', model: 'Net', detail: 'step 12 of 31', fraction: 0.4 } as const;
    const status = statusText(done({ state: { phase: 'running', progress } }));
    expect(status).toMatchObject({ text: 'training, step 12 of 31', busy: true, command: { title: 'Cancel' } });
  });

  it('says healthy only when every model is', () => {
    expect(statusText(done({}))).toMatchObject({ text: 'healthy', severity: 'information' });
    const mixed = report([model(), model({ verdict: 'unread' })]);
    expect(statusText(done({ report: mixed }))).toMatchObject({ text: '1 not read', severity: 'warning' });
    const ill = report([model(), model({ name: 'Deep', verdict: 'vanishing', findings: [finding()] })]);
    const status = statusText(done({ report: ill }));
    expect(status).toMatchObject({ text: 'vanishing', severity: 'warning' });
    expect(status.detail).toBe('Net: healthy · Deep: vanishing, 2 weights (1.2 s)');
  });

  it('does not claim health where nothing was read', () => {
    expect(statusText(done({ report: report([]) })).text).toBe('no model found');
    expect(statusText(done({ report: report([model({ verdict: 'unread' })]) })).text).toBe('not read');
  });

  it('does not claim health where no weight could be judged', () => {
    const note = 'Its values come from a checkpoint.';
    const weight = { name: 'w', line: null, span: null, verdict: 'unjudged', note } as const;
    const parameters = [{ ...weight, shape: [2, 2], logRelativeGradient: { start: null, late: null } }];
    const loaded = model({ verdict: 'unjudged', parameters });
    const alone = statusText(done({ report: report([loaded]) }));
    expect(alone).toMatchObject({ text: 'not judged', severity: 'information' });
    expect(alone.detail).toContain(`No weight of it could be judged. 1 × ${note}`);
    expect(statusText(done({ report: report([model(), loaded]) })).text).toBe('healthy, 1 not judged');
    const frozen = parameters.map((parameter) => ({ ...parameter, note: FROZEN_NOTE }));
    const still = statusText(done({ report: report([model({ verdict: 'unjudged', parameters: frozen })]) }));
    expect(still.detail).toContain('All its weights are frozen');
    const ill = model({ name: 'Deep', verdict: 'vanishing', findings: [finding()] });
    expect(statusText(done({ report: report([ill, loaded]) }))).toMatchObject({
      text: 'vanishing, 1 not judged',
      severity: 'warning',
    });
  });

  it('counts guesses, and says why a model was not read', () => {
    const guess = { message: 'Pictures of 64 x 64 were taken.', span: null };
    const unread = { code: 'unknown-layer', message: '`Odd` is not known. Write it so.', span: null, related: [] };
    const models = [model({ guesses: [guess, guess] }), model({ name: 'Odd', verdict: 'unread', unread })];
    const status = statusText(done({ report: report(models) }));
    expect(status.detail).toBe('Net: healthy, 1 guess · Odd: not read (`Odd` is not known) (1.2 s)');
  });

  it('says why figures are outdated where the text does not parse, and whose', () => {
    const outdated = { reason: 'line 12 does not parse', models: new Set([1]) };
    const status = statusText(done({ outdated, report: report([model(), model({ name: 'Deep' })]) }));
    expect(status).toMatchObject({ text: 'outdated: line 12 does not parse', severity: 'warning' });
    expect(status.detail).toBe('Deep: measured before that. Net: healthy · Deep: healthy (1.2 s)');
  });

  it('leads to the log after a failure', () => {
    const status = statusText(done({ state: { phase: 'failed', message: 'out of memory' } }));
    expect(status).toMatchObject({ severity: 'error', detail: 'out of memory', command: { title: 'Show log' } });
  });

  it('and the panel agree on what is outdated', () => {
    expect(panelState(done({}), 0, true)).toEqual({ phase: 'outdated', reason: null });
    expect(panelState(done({}), 0, false)).toEqual({ phase: 'done' });
    expect(panelState(undefined, 0, false)).toEqual({ phase: 'empty' });
    const broken = done({ outdated: { reason: 'line 12 does not parse', models: new Set([1]) } });
    expect(panelState(broken, 0, false)).toEqual({ phase: 'done' });
    expect(panelState(broken, 1, false)).toEqual({ phase: 'outdated', reason: 'line 12 does not parse' });
  });
});

describe('a question of the reader', () => {
  it('is answered by a comment above its line, indented like it', () => {
    const range = { start: { line: 9, character: 4 }, end: { line: 9, character: 13 } };
    expect(commentPlace(range, '\t class Net(nn.Module):')).toEqual({ line: 9, indent: '\t ' });
  });

  it('suggests the comment that the message names, with its brackets to be filled in', () => {
    const input = 'Say its shape: add `# gradient-lens: input=(3, 32, 32)` above the class.';
    expect(questionOf('needs-input', input)?.snippet).toBe('# gradient-lens: input=(${1:3, 32, 32})\n');
    const args = 'Add `# gradient-lens: args=(price=$, other=...)` above `Net`.';
    const script = 'Say it: `// gradient-lens: input=[28, 28, 1]`.';
    expect(questionOf('needs-input', script)?.snippet).toBe('// gradient-lens: input=[${1:28, 28, 1}]\n');
    expect(questionOf('needs-arguments', args)?.snippet).toBe('# gradient-lens: args=(${1:price=\\$, other=...})\n');
  });

  it('is nothing where no comment helps', () => {
    expect(questionOf('syntax-error', 'add `# gradient-lens: input=(3)`')).toBeNull();
    expect(questionOf('needs-input', 'no idea')).toBeNull();
  });

  it('keeps the comment of a script as it is written there', () => {
    const input = 'Say its shape: add `// gradient-lens: input=[28, 28, 1] args=(10)` above it.';
    expect(questionOf('needs-input', input)?.snippet).toBe('// gradient-lens: input=[${1:28, 28, 1}] args=(${2:10})\n');
  });

  it.each([
    ['/w/net.py', '# gradient-lens: input=(3, 32, 32), (24,):int<60'],
    ['/w/net.ipynb', '# gradient-lens: input=(3, 32, 32), (24,):int<60'],
    ['/w/net.yaml', '# gradient-lens: input=(3, 32, 32), (24,):int<60'],
    ['/w/net.tsx', '// gradient-lens: input=[3, 32, 32], [24]:int<60'],
    ['/w/model.json', null],
  ])('states guessed inputs in the syntax of %s', (file, comment) => {
    const common = { name: 'x', reason: '' };
    const inputs: ModelReport['inputs'] = [
      { ...common, shape: [2, 3, 32, 32], kind: 'float', origin: 'guessed' },
      { ...common, shape: [2, 24], kind: 'int', high: 60, origin: 'observed' },
    ];
    expect(inputComment(file, inputs)).toBe(comment);
    expect(inputComment(file, [inputs[1]!])).toBeNull();
  });
});
