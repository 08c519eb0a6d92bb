const SUPERSCRIPTS = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/** 10 to a whole power, as an axis prints it. */
export function powerOfTen(exponent: number): string {
  const digits = Array.from(String(Math.abs(exponent)), (digit) => SUPERSCRIPTS[Number(digit)] ?? '');
  return `10${exponent < 0 ? '⁻' : ''}${digits.join('')}`;
}

/** A figure given by its log10, with two significant digits: 2.1 × 10⁻¹²; also where no float could hold it. */
export function figure(log10: number | null): string {
  if (log10 === null) return 'exactly 0';
  if (log10 > -3 && log10 < 4) return Number((10 ** log10).toPrecision(2)).toString();
  let exponent = Math.floor(log10);
  let mantissa = Number((10 ** (log10 - exponent)).toPrecision(2));
  if (mantissa >= 10) {
    mantissa /= 10;
    exponent += 1;
  }
  return `${mantissa} × ${powerOfTen(exponent)}`;
}

export const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;

/** A plain number with three significant digits. */
export const short = (x: number): string => String(Number(x.toPrecision(3)));

/** Names come from the user's file and may hold anything: control characters and line breaks would break the line. */
export const printable = (name: string): string => name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�');
