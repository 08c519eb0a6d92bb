import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits, applyToFiles, LineIndex, OverlappingEditsError } from '../../../src/remedies/applyEdits';

const at = (line: number, character: number) => ({ line, character });
const edit = (from: [number, number], to: [number, number], text: string) => ({
  range: { start: at(...from), end: at(...to) },
  text,
});

describe('applying edits', () => {
  it('counts UTF-16 code units and keeps every kind of line end', () => {
    const text = 'a😀b\r\nsecond\rthird\n';
    expect(applyEdits(text, [edit([0, 3], [0, 4], 'B'), edit([1, 0], [1, 6], '2'), edit([2, 5], [2, 5], '!')])).toBe(
      'a😀B\r\n2\rthird!\n',
    );
  });

  it('keeps the order of insertions at one place', () => {
    expect(applyEdits('ab', [edit([0, 1], [0, 1], '1'), edit([0, 1], [0, 1], '2'), edit([0, 1], [0, 2], 'B')])).toBe(
      'a12B',
    );
  });

  it('rejects overlaps and places outside the text', () => {
    expect(() => applyEdits('abcd', [edit([0, 0], [0, 2], 'x'), edit([0, 1], [0, 3], 'y')])).toThrow(
      OverlappingEditsError,
    );
    expect(() => applyEdits('abcd', [edit([1, 0], [1, 0], 'x')])).toThrow(RangeError);
    expect(() => applyEdits('abcd', [edit([0, 9], [0, 9], 'x')])).toThrow(RangeError);
    expect(() => applyToFiles([{ path: 'a.py', text: '' }], [{ path: 'b.py', ...edit([0, 0], [0, 0], 'x') }])).toThrow(
      /b\.py/,
    );
  });

  it('finds its own positions again', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '😀', '\n', '\r\n', '\r', ' ')), (pieces) => {
        const text = pieces.join('');
        const lines = new LineIndex(text);
        for (let offset = 0; offset <= text.length; offset++) {
          expect(lines.offsetOf(lines.positionOf(offset))).toBe(offset);
        }
      }),
    );
  });
});
