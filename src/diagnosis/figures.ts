/** 10^log10 with two significant digits; works far beyond the range of a number. `0` for -Infinity. */
export function power(log10: number): string {
  if (log10 === -Infinity) return '0';
  if (!Number.isFinite(log10)) return 'unknown';
  if (log10 >= -2 && log10 < 3) return twoDigits(10 ** log10);
  let exponent = Math.floor(log10);
  let mantissa = (10 ** (log10 - exponent)).toPrecision(2);
  if (mantissa === '10') {
    exponent += 1;
    mantissa = '1.0';
  }
  return `${mantissa}e${exponent}`;
}

/** A number with two significant digits, never in scientific notation between 0.01 and 1000. */
export function twoDigits(x: number): string {
  if (x === 0) return '0';
  const rounded = Number(x.toPrecision(2));
  return Math.abs(rounded) >= 10 ? String(Math.round(rounded)) : x.toPrecision(2);
}

/** "1 layer", "3 layers". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** "`a`", "`a` and `b`", "`a`, `b` and 3 more". */
export function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  if (quoted.length <= 2) return quoted.join(' and ');
  if (quoted.length === 3) return `${quoted[0] ?? ''}, ${quoted[1] ?? ''} and ${quoted[2] ?? ''}`;
  return `${quoted[0] ?? ''}, ${quoted[1] ?? ''} and ${quoted.length - 2} more`;
}
