/** A log10 figure of the report as a reader sees it: two significant digits, `0` for exactly zero (null). */
export function formatLog10(log: number | null): string {
  if (log === null) return '0';
  const exponent = Math.floor(log);
  // Beyond float64's range the power cannot be formed, so mantissa and exponent are kept apart.
  if (exponent < -300 || exponent > 300) {
    const mantissa = (10 ** (log - exponent)).toFixed(1);
    return mantissa === '10.0' ? `1.0e${exponent + 1}` : `${mantissa}e${exponent}`;
  }
  const value = 10 ** log;
  return value >= 0.01 && value < 1000
    ? String(Number(value.toPrecision(2)))
    : value.toExponential(1).replace('e+', 'e');
}

export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}
