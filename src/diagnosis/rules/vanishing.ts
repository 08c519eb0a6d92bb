/**
 * Vanishing: the late relative gradient lies more than three decades under the yardstick, or under 1e-7. The conformance pack's definition;
 * one fixed threshold would miss nets that collapse everywhere at once and alarm at layers that are small by design
 * (compare SageMaker Debugger's mean|g| < 1e-7 and AutoTrainer's first/last ratio, Zhang et al. 2021).
 */
export function isVanishing(late: number, limit: number): boolean {
  return late < limit;
}

/**
 * Undecided: judged at step 0 alone and so near the limit that later steps may put the weight on either side of it. No alarm, but
 * the evidence says so.
 */
export function isUndecided(late: number, { limit, healthyFrom }: { limit: number; healthyFrom: number }): boolean {
  return late >= limit && late < healthyFrom;
}
