import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FINDING_CODES } from '../../../src/report/findingCodes';

const folder = path.resolve(__dirname, '../../../docs/rules');

describe('rule pages', () => {
  it('are one a code, no more and no fewer', () => {
    const pages = fs.readdirSync(folder).map((name) => path.basename(name, '.md'));
    expect(new Set(pages)).toEqual(new Set(FINDING_CODES));
  });

  it.each(FINDING_CODES)('%s says what it means, how it is measured, how to fix and how to silence it', (code) => {
    const text = fs.readFileSync(path.join(folder, `${code}.md`), 'utf8');
    expect(text.startsWith(`# ${code}\n`)).toBe(true);
    expect(text).toContain('## How it is measured');
    expect(text).toContain('## How to silence it');
    expect(text).toMatch(/How to fix it|remedy/);
  });
});
