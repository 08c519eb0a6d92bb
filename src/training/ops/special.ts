// Functions that Math lacks, to float64 accuracy, without cancellation in their tails.

/** 1 / (1 + e^-x) */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** d sigmoid / dx = s(x) s(-x), which stays right where 1 - s would be zero. */
export function sigmoidSlope(x: number): number {
  const e = Math.exp(-Math.abs(x));
  return e / ((1 + e) * (1 + e));
}

/** d tanh / dx = sech^2 x */
export function tanhSlope(x: number): number {
  const e = Math.exp(-2 * Math.abs(x));
  return (4 * e) / ((1 + e) * (1 + e));
}

/** log(1 + e^x) */
export const softPlus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** Density of the standard normal distribution. */
export const normalDensity = (x: number): number => Math.exp(-x * x * 0.5) * 0.3989422804014327;

/** Distribution function of the standard normal distribution, right in its lower tail. */
export const normalCumulative = (x: number): number => erfc(-x * Math.SQRT1_2) / 2;

const TWO_OVER_ROOT_PI = 1.1283791670955126;

/** erf by its Maclaurin series near zero (Abramowitz & Stegun 7.1.6), else 1 - erfc. */
export function erf(x: number): number {
  if (Math.abs(x) >= 2) return x > 0 ? 1 - erfc(x) : erfc(-x) - 1;
  // erf x = 2/sqrt(pi) e^(-x^2) sum_n 2^n x^(2n+1) / (2n+1)!!: all terms of one sign.
  let term = x;
  let total = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return TWO_OVER_ROOT_PI * Math.exp(-x * x) * total;
}

export const erfSlope = (x: number): number => TWO_OVER_ROOT_PI * Math.exp(-x * x);

/** Complement of erf; its continued fraction (Abramowitz & Stegun 7.1.14) in the upper tail. */
export function erfc(x: number): number {
  if (!(x >= 2)) return Number.isNaN(x) ? NaN : x > -2 ? 1 - erf(x) : 2 - erfc(-x);
  let fraction = 0;
  for (let k = Math.ceil(20 + 160 / x); k >= 1; k--) fraction = k / 2 / (x + fraction);
  return Math.exp(-x * x) / (x + fraction) / Math.sqrt(Math.PI);
}
