import { InvalidArgumentError } from 'commander';
import type { InputRequest } from '../graph/reading';
import { RULES, ruleLevels, type RuleLevels } from '../silencing/rules';

const PATTERN = /^(\d+(?:,\d+)*)(?::(?:(float)|int<(\d+)))?$/;

/** Parses `2,3,32,32`, `4,20:float` or `2,24:int<60` (integers from 0 to 59), batch first. */
export function parseInput(text: string, previous: InputRequest[] = []): InputRequest[] {
  const match = PATTERN.exec(text.replace(/\s/g, ''));
  if (!match) throw new InvalidArgumentError('Write it as 2,3,32,32 or 2,24:int<60 (batch first).');
  const shape = (match[1] ?? '').split(',').map(Number);
  if (shape.includes(0)) throw new InvalidArgumentError('Every size must be at least 1.');
  const high = match[3] === undefined ? undefined : Number(match[3]);
  if (high === 0) throw new InvalidArgumentError('The limit of an integer input must be at least 1.');
  return [...previous, high === undefined ? { shape, kind: 'float' } : { shape, kind: 'int', high }];
}

/** Parses a whole number of at least `minimum`. */
export function wholeNumber(minimum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < minimum)
      throw new InvalidArgumentError(`Give a whole number from ${minimum}.`);
    return value;
  };
}

/** Parses a positive number of seconds. */
export function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('Give a positive number of seconds.');
  return value;
}

/** Parses `dead-units=off`: a rule, and what its findings are to be. */
export function parseRule(text: string, previous: RuleLevels = {}): RuleLevels {
  const [code = '', level = ''] = text.split('=');
  const read = ruleLevels({ [code]: level });
  if (Object.keys(read).length === 0)
    throw new InvalidArgumentError(`Write <rule>=warning, =information or =off; the rules are ${RULES.join(', ')}.`);
  return { ...previous, ...read };
}
