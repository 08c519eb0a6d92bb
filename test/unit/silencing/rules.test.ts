import { describe, expect, test } from 'vitest';
import { ruleLevels, Silencing } from '../../../src/silencing/rules';
import { finding } from '../editor/reports';

const found = finding();
const { path, range } = found;
const apply = (levels: Parameters<typeof ruleLevels>[0], text = '') =>
  new Silencing(ruleLevels(levels), [{ path, text }]).apply(found, { path, range });

describe('what the user wants of a rule', () => {
  test('is nothing: the finding stays as it was', () => expect(apply({})).toBe(found));
  test('off: it stays in the report, silenced, and says by what', () => {
    expect(apply({ 'vanishing-gradient': 'off' }).silenced).toBe('The settings turn vanishing-gradient off.');
  });
  test('another severity', () => {
    expect(apply({ 'vanishing-gradient': 'information' })).toEqual({ ...found, severity: 'information' });
  });
  test('of another rule changes nothing', () => expect(apply({ 'dead-units': 'off' })).toBe(found));
  test('misspelt changes nothing', () => {
    expect(ruleLevels({ 'vanishing-gradient': 'of', vanishing: 'off', 'dead-units': true })).toEqual({});
  });
  test('in a comment on its line', () => {
    const text = '\n\n\nbody = stack()  # gradient-lens: ignore[vanishing-gradient]\n';
    expect(apply({}, text).silenced).toBe('A comment silences it.');
  });
});
