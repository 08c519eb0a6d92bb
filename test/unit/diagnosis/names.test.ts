import { describe, expect, it } from 'vitest';
import { atLines } from '../../../src/diagnosis/names';
import type { SourceSpan } from '../../../src/graph/source';

const at = (line: number, path = 'net.yaml'): SourceSpan => ({
  path,
  range: { start: { line, character: 0 }, end: { line, character: 1 } },
});

describe('lines of one op at several places', () => {
  it('are given from the first to the last', () => {
    expect(atLines([], at(0))).toBe('');
    expect(atLines([at(3)], at(0))).toBe(' (line 4)');
    expect(atLines([at(3), at(3)], at(0))).toBe(' (line 4)');
    expect(atLines([at(9), at(3), at(5)], at(0))).toBe(' (lines 4 to 10)');
  });

  it('name the file where it is another one, and nothing where there are several', () => {
    expect(atLines([at(3, 'blocks.py'), at(8, 'blocks.py')], at(0))).toBe(' (blocks.py, lines 4 to 9)');
    expect(atLines([at(3, 'blocks.py'), at(8)], at(0))).toBe('');
  });
});
