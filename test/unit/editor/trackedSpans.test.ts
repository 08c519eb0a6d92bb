import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SourcePosition, SourceRange } from '../../../src/graph/source';
import { EditLog } from '../../../src/editor/editLog';
import { type TextChange, moveThrough, slideThrough } from '../../../src/editor/movedRanges';
import { TrackedSpans, followEdit } from '../../../src/editor/trackedSpans';

const range = (a: number, b: number, c: number, d: number): SourceRange => ({
  start: { line: a, character: b },
  end: { line: c, character: d },
});
const change = (place: SourceRange, text: string): TextChange => ({ range: place, text });

function offsetAt(text: string, position: SourcePosition): number {
  const lines = text.split('\n');
  return lines.slice(0, position.line).reduce((sum, line) => sum + line.length + 1, 0) + position.character;
}

function positionAt(text: string, offset: number): SourcePosition {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length - 1, character: lines.at(-1)!.length };
}

function apply(text: string, { range: place, text: inserted }: TextChange): string {
  return text.slice(0, offsetAt(text, place.start)) + inserted + text.slice(offsetAt(text, place.end));
}

describe('a tracked range', () => {
  const sigmoid = range(4, 22, 4, 34);

  it('stays where the edit is behind it', () => {
    expect(moveThrough(sigmoid, [change(range(4, 34, 4, 34), ')  # done')])).toEqual(sigmoid);
    expect(moveThrough(sigmoid, [change(range(9, 0, 12, 3), '')])).toEqual(sigmoid);
  });

  it('moves down with lines added above, and along its own line', () => {
    expect(moveThrough(sigmoid, [change(range(0, 0, 0, 0), 'import math\n\n')])).toEqual(range(6, 22, 6, 34));
    expect(moveThrough(sigmoid, [change(range(4, 8, 4, 14), 'layers')])).toEqual(sigmoid);
    expect(moveThrough(sigmoid, [change(range(4, 8, 4, 14), 'all_layers')])).toEqual(range(4, 26, 4, 38));
    expect(moveThrough(sigmoid, [change(range(4, 22, 4, 22), '\n            ')])).toEqual(range(5, 12, 5, 24));
  });

  it('moves up when lines above are removed and joined', () => {
    expect(moveThrough(sigmoid, [change(range(1, 0, 3, 0), '')])).toEqual(range(2, 22, 2, 34));
    expect(moveThrough(sigmoid, [change(range(3, 10, 4, 2), ' ')])).toEqual(range(3, 31, 3, 43));
  });

  it('counts a carriage return as part of the line break', () => {
    expect(moveThrough(sigmoid, [change(range(0, 0, 0, 0), 'a\r\nb\r\n')])).toEqual(range(6, 22, 6, 34));
  });

  it.each([
    ['inside', range(4, 25, 4, 25), 'x'],
    ['over its start', range(4, 20, 4, 23), ''],
    ['over its end', range(4, 30, 5, 0), ''],
    ['over all of it', range(0, 0, 9, 0), ''],
    ['as a letter at its start', range(4, 22, 4, 22), 'x'],
    ['as a member at its end', range(4, 34, 4, 34), '.eval()'],
    ['as a call at its end', range(4, 34, 4, 34), '(x)'],
  ])('is dropped by an edit %s', (_, place, text) => {
    expect(moveThrough(sigmoid, [change(place, text)])).toBeNull();
  });

  it('follows several changes of one edit, in whatever order they are told', () => {
    const changes = [change(range(2, 0, 2, 0), 'a\n'), change(range(4, 0, 4, 4), '')];
    expect(moveThrough(sigmoid, changes)).toEqual(range(5, 18, 5, 30));
    expect(moveThrough(sigmoid, [...changes].reverse())).toEqual(range(5, 18, 5, 30));
  });

  it('always covers the same text after an edit that leaves it alone', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '('), minLength: 4, maxLength: 40 });
    const cuts = fc.array(fc.nat(40), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(text, cuts, text, (before, places, inserted) => {
        const [a, b, c, d] = places.map((place) => Math.min(place, before.length)).sort((x, y) => x - y);
        for (const [spanStart, spanEnd, editStart, editEnd] of [
          [a!, b!, c!, d!],
          [c!, d!, a!, b!],
        ]) {
          const span = { start: positionAt(before, spanStart!), end: positionAt(before, spanEnd!) };
          const edit = change({ start: positionAt(before, editStart!), end: positionAt(before, editEnd!) }, inserted);
          const moved = moveThrough(span, [edit]);
          if (moved === null) continue;
          const after = apply(before, edit);
          expect(after.slice(offsetAt(after, moved.start), offsetAt(after, moved.end))).toBe(
            before.slice(spanStart, spanEnd),
          );
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a range that is never lost', () => {
  it.each([
    ['grows with an edit inside', range(4, 25, 4, 25), 'xy', range(4, 22, 4, 36)],
    ['begins behind what its start was replaced by', range(4, 20, 4, 23), 'ab', range(4, 22, 4, 33)],
    ['ends before what its end was replaced by', range(4, 30, 5, 0), 'tail', range(4, 22, 4, 30)],
    ['is empty where all around it was removed', range(0, 0, 9, 0), '', range(0, 0, 0, 0)],
    ['covers what it was replaced by', range(4, 22, 4, 34), 'nn.ReLU()', range(4, 22, 4, 31)],
    ['is empty where it was removed exactly', range(4, 22, 4, 34), '', range(4, 22, 4, 22)],
    ['is pushed by text at its start', range(4, 22, 4, 22), 'x', range(4, 23, 4, 35)],
    ['leaves out text at its end', range(4, 34, 4, 34), '.eval()', range(4, 22, 4, 34)],
  ])('%s', (_, place, text, slid) => {
    expect(slideThrough(range(4, 22, 4, 34), [change(place, text)])).toEqual(slid);
  });

  it('lies where the strict one lies, whenever that is kept, and always in the text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '('), minLength: 4, maxLength: 40 });
    const cuts = fc.array(fc.nat(40), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(text, cuts, text, (before, places, inserted) => {
        const [a, b, c, d] = places.map((place) => Math.min(place, before.length));
        const place = (from: number, to: number) => ({
          start: positionAt(before, Math.min(from, to)),
          end: positionAt(before, Math.max(from, to)),
        });
        const edit = change(place(c!, d!), inserted);
        const slid = slideThrough(place(a!, b!), [edit]);
        const strict = moveThrough(place(a!, b!), [edit]);
        if (strict !== null) expect(slid).toEqual(strict);
        const after = apply(before, edit);
        const [start, end] = [offsetAt(after, slid.start), offsetAt(after, slid.end)];
        expect(start).toBeLessThanOrEqual(end);
        expect([positionAt(after, start), positionAt(after, end)]).toEqual([slid.start, slid.end]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('TrackedSpans', () => {
  const span = (path: string, line: number, item: string) => ({ path, range: range(line, 0, line, 5), item });

  it('keeps what each diagnosed file owns apart, also inside one file', () => {
    const spans = new TrackedSpans<string>();
    spans.replace('train.py', [span('model.py', 3, 'from train')]);
    spans.replace('model.py', [span('model.py', 3, 'from model')]);
    expect([...spans.replace('train.py', [])]).toEqual(['model.py']);
    expect(spans.at('model.py').map(({ item }) => item)).toEqual(['from model']);
  });

  it('says whether an edit moved anything', () => {
    const spans = new TrackedSpans<string>();
    spans.replace('a.py', [span('a.py', 3, 'x'), span('b.py', 3, 'y')]);
    expect(spans.edit('a.py', [change(range(7, 0, 7, 0), '\n')])).toBe(false);
    expect(spans.edit('c.py', [change(range(0, 0, 0, 0), '\n')])).toBe(false);
    expect(spans.edit('a.py', [change(range(0, 0, 0, 0), '\n')])).toBe(true);
    expect(spans.at('a.py')[0]?.range).toEqual(range(4, 0, 4, 5));
    expect(spans.at('b.py')[0]?.range).toEqual(range(3, 0, 3, 5));
    expect(spans.edit('a.py', [change(range(4, 1, 4, 2), '')])).toBe(true);
    expect(spans.at('a.py')).toEqual([]);
  });

  it('erases a file whoever owns the spans in it', () => {
    const spans = new TrackedSpans<string>();
    spans.replace('train.py', [span('model.py', 3, 'x'), span('train.py', 1, 'y')]);
    expect(spans.erase('model.py')).toBe(true);
    expect(spans.erase('model.py')).toBe(false);
    expect(spans.at('train.py')).toHaveLength(1);
  });
});

describe('EditLog', () => {
  it('replays only the edits made since each beginning', () => {
    const log = new EditLog();
    log.record('a.py', [change(range(0, 0, 0, 0), 'lost, nobody listens\n')]);
    const first = log.begin();
    log.record('a.py', [change(range(0, 0, 0, 0), '\n')]);
    const second = log.begin();
    log.record('a.py', [change(range(0, 0, 0, 0), '\n\n')]);
    const spans = [{ path: 'a.py', range: range(1, 0, 1, 2), item: null }];
    const lineAfter = (edits: ReturnType<typeof first.since>) =>
      edits.reduce((all, edit) => followEdit(all, edit.path, edit.changes), spans)[0]?.range.start.line;
    expect(lineAfter(first.since())).toBe(4);
    expect(lineAfter(second.since())).toBe(3);
    first.end();
    expect(lineAfter(second.since())).toBe(3);
    second.end();
    expect(log.begin().since()).toEqual([]);
  });
});
