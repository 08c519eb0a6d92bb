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

/** Distribution function of the standard normal distribution, right in its lower tail. */
export const normalCumulative = (x: number): number => erfc(-x * Math.SQRT1_2) / 2;

const TWO_OVER_ROOT_PI = 1.1283791670955126;

/** erf by its series near zero (Abramowitz & Stegun 7.1.6), where 1 - erfc would cancel. */
export function erf(x: number): number {
  if (Math.abs(x) >= 0.5) return x > 0 ? 1 - erfc(x) : erfc(-x) - 1;
  // 2/sqrt(pi) e^(-x^2) sum_n 2^n x^(2n+1) / (2n+1)!!: all terms of one sign.
  let term = x;
  let total = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return TWO_OVER_ROOT_PI * Math.exp(-x * x) * total;
}

export const erfSlope = (x: number): number => TWO_OVER_ROOT_PI * Math.exp(-x * x);

/** Press et al., Numerical Recipes (3rd ed., 2007), section 6.2.2: Chebyshev coefficients of log(erfc(z) / t) + z^2. */
const ERFC_COEFFICIENTS = [
  -1.3026537197817094, 6.4196979235649026e-1, 1.9476473204185836e-2, -9.561514786808631e-3, -9.46595344482036e-4,
  3.66839497852761e-4, 4.2523324806907e-5, -2.0278578112534e-5, -1.624290004647e-6, 1.30365583558e-6, 1.5626441722e-8,
  -8.5238095915e-8, 6.529054439e-9, 5.059343495e-9, -9.91364156e-10, -2.27365122e-10, 9.6467911e-11, 2.394038e-12,
  -6.886027e-12, 8.94487e-13, 3.13092e-13, -1.12708e-13, 3.81e-16, 7.106e-15, -1.523e-15, -9.4e-17, 1.21e-16, -2.8e-17,
];

/** Complement of erf, right in its upper tail. */
export function erfc(x: number): number {
  if (!(x >= 0)) return Number.isNaN(x) ? NaN : 2 - erfc(-x);
  const t = 2 / (2 + x);
  const u = 4 * t - 2;
  let [d, last] = [0, 0];
  for (let j = ERFC_COEFFICIENTS.length - 1; j > 0; j--) [d, last] = [u * d - last + (ERFC_COEFFICIENTS[j] ?? 0), d];
  return t * Math.exp(-x * x + 0.5 * ((ERFC_COEFFICIENTS[0] ?? 0) + u * d) - last);
}
