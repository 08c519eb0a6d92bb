import { describe, expect, it } from 'vitest';
import { marksOf } from '../../../src/editor/marks';
import type { ModelReport, ProblemReport } from '../../../src/report/report';
import { finding, model, remedy, report } from './reports';

type Input = ModelReport['inputs'][number];

const range = { start: { line: 7, character: 0 }, end: { line: 7, character: 4 } };
const problem = (code: string): ProblemReport => ({
  code,
  message: `about ${code}`,
  span: { path: '/w/net.py', range },
  related: [],
  path: '/w/net.py',
  range,
});

describe('the marks of a report', () => {
  it('are one for each finding, with message and cause', () => {
    const [mark] = marksOf(report([model({ findings: [finding()] })]));
    expect(mark).toMatchObject({
      path: '/w/net.py',
      range: { start: { line: 3 } },
      item: { kind: 'finding', model: 0 },
    });
    expect(mark?.item.message).toBe(
      'Gradients vanish in 20 layers made here.\n20 x Sigmoid (line 5) took 11.4 decades.',
    );
  });

  it('do not say the cause twice', () => {
    const cause = finding().cause;
    const [mark] = marksOf(report([model({ findings: [finding({ message: `It vanishes. ${cause}` })] })]));
    expect(mark?.item.message).toBe(`It vanishes. ${cause}`);
  });

  it('offer what was proved, best first, then what improves, and nothing that was refuted or not tried', () => {
    const remedies = [
      remedy({ id: 'b', status: 'improves', preferred: false }),
      remedy({ id: 'c', status: 'refuted', preferred: false }),
      remedy({ id: 'd', status: 'untested', preferred: false }),
      remedy({ id: 'e', status: 'proved', preferred: false }),
      remedy({ id: 'a', status: 'proved', preferred: true }),
    ];
    const [mark] = marksOf(report([model({ findings: [finding({ remedies })] })]));
    expect(mark?.item.remedies.map(({ id }) => id)).toEqual(['a', 'e', 'b']);
  });

  it('leave out what the user silenced', () => {
    expect(marksOf(report([model({ findings: [finding({ silenced: 'A comment silences it.' })] })]))).toEqual([]);
  });

  it('warn of a mistake in the code, and only inform of what could not be read', () => {
    const marks = marksOf(report([], { problems: [problem('shape-mismatch'), problem('unknown-layer')] }));
    expect(marks.map(({ item }) => [item.code, item.severity])).toEqual([
      ['shape-mismatch', 'warning'],
      ['unknown-layer', 'information'],
    ]);
  });

  it('put a model that could not be read at its problem, else at its definition, else at the start of the file', () => {
    const unread = (span: ProblemReport['span']) => ({ code: 'needs-input', message: 'which?', span, related: [] });
    const definition = { path: '/w/net.py', range };
    const marks = marksOf(
      report([
        model({ verdict: 'unread', unread: unread(null), span: definition }),
        model({ verdict: 'unread', unread: unread(null) }),
      ]),
    );
    expect(marks.map((mark) => mark.range.start.line)).toEqual([7, 0]);
  });

  it('are not doubled when two models share a line and a sentence', () => {
    const shared = model({ findings: [finding()] });
    expect(marksOf(report([shared, shared]))).toHaveLength(1);
  });

  it('show at its definition what was assumed to read a model, with the comment that says it', () => {
    const definition = { path: '/w/net.py', range };
    const guess = (message: string) => ({ message, span: null });
    const input = { name: 'x', shape: [2, 3, 64, 64], kind: 'float', origin: 'guessed', reason: '' } satisfies Input;
    const guessed = model({ span: definition, guesses: [guess('Input `x` is a guess.')], inputs: [input] });
    const [mark] = marksOf(report([guessed]));
    expect(mark).toMatchObject({ range, item: { kind: 'guess', severity: 'hint', model: 0 } });
    expect(mark?.item.message).toBe(
      '`Net()` was read with a guess: Input `x` is a guess.\nSay it in a comment above: `# gradient-lens: input=(3, 64, 64)`.',
    );
    const several = marksOf(report([model({ guesses: [guess('One.'), guess('Two.'), guess('One.')] })]));
    expect(several[0]?.item.message).toBe('`Net()` was read with 2 guesses:\n- One.\n- Two.');
    expect(marksOf(report([{ ...guessed, unread: { ...guess('no'), code: 'x', related: [] } }]))).toHaveLength(1);
  });
});
