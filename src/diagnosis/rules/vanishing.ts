/**
 * Vanishing: the late relative gradient lies more than three decades under the yardstick, or under 1e-7. The conformance pack's definition;
 * one fixed threshold would miss nets that collapse everywhere at once and alarm at layers that are small by design
 * (compare SageMaker Debugger's mean|g| < 1e-7 and AutoTrainer's first/last ratio, Zhang et al. 2021).
 */
export function isVanishing(late: number, limit: number): boolean {
  return Number.isFinite(late) && late < limit;
}
