import { describe, expect, test } from 'vitest';
import { CellEngine } from '../../../src/editor/cellEngine';
import type { Engine } from '../../../src/editor/engine';
import { notebookText } from '../../../src/editor/notebookText';
import type { FileReport, Finding } from '../../../src/report/report';
import { readNotebook } from '../../../src/readers/notebook/notebook';
import type { DiagnoseRequest } from '../../../src/workers/engineApi';
import { finding as makeFinding, model, remedy } from './reports';

const range = { start: { line: 1, character: 4 }, end: { line: 1, character: 9 } };
const cells = ['vscode-notebook-cell:/w/n.ipynb#a', 'vscode-notebook-cell:/w/n.ipynb#b'];

const reportOn = (path: string, finding: Finding): FileReport => ({
  path,
  problems: [],
  models: [model({ verdict: 'vanishing', findings: [finding] })],
});

function setUp(report: FileReport) {
  const asked: DiagnoseRequest[] = [];
  const engine: Engine = {
    diagnose(request, listener) {
      asked.push(request);
      listener.update(report);
      return Promise.resolve(report);
    },
  };
  const subject = new CellEngine(engine, (path) => (path === '/w/n.ipynb' ? cells : null));
  return { subject, asked };
}

const request = (path: string): DiagnoseRequest => ({
  path,
  text: 'x',
  overlays: [
    { path: '/w/helper.py', text: 'y' },
    { path: cells[1] ?? '', text: 'z' },
  ],
  options: {},
});

describe('cells of a notebook', () => {
  test('what lies in a cell is said of its document: findings, related places and edits', async () => {
    const finding = makeFinding({
      path: '/w/n.ipynb',
      range,
      cell: 1,
      related: [{ message: 'see', span: { path: '/w/helper.py', range } }],
      remedies: [remedy({ edits: [{ path: '/w/n.ipynb', cell: 0, range, text: 'new' }] })],
    });
    const { subject, asked } = setUp(reportOn('/w/n.ipynb', finding));
    const updates: FileReport[] = [];
    const listener = { progress: () => undefined, update: (report: FileReport) => void updates.push(report) };
    const report = await subject.diagnose(request('/w/n.ipynb'), listener, new AbortController().signal);
    expect(updates).toEqual([report]);
    expect(report.path).toBe('/w/n.ipynb');
    const [placed] = report.models[0]?.findings ?? [];
    expect(placed).toMatchObject({ path: cells[1], range, message: finding.message });
    expect(placed).not.toHaveProperty('cell');
    expect(placed?.related[0]?.span).toEqual({ path: '/w/helper.py', range });
    expect(placed?.remedies[0]?.edits).toEqual([{ path: cells[0], range, text: 'new' }]);
    expect(asked[0]?.overlays.map(({ path }) => path)).toEqual(['/w/helper.py']);
  });

  test('other files are passed through', async () => {
    const given = reportOn('/w/net.py', makeFinding());
    const { subject } = setUp(given);
    const listener = { progress: () => undefined, update: () => undefined };
    expect(await subject.diagnose(request('/w/net.py'), listener, new AbortController().signal)).toBe(given);
  });

  test('an open notebook is read as its file would be', () => {
    const text = notebookText([
      { markup: true, languageId: 'markdown', text: '# hi' },
      { markup: false, languageId: 'python', text: 'a = "\u00e9"\r\nb = 2' },
      { markup: false, languageId: 'raw', text: 'c' },
    ]);
    expect(readNotebook(text, 'n.ipynb')).toEqual([{ cell: 1, source: 'a = "\u00e9"\nb = 2' }]);
  });
});
