import type { DiagnosisContext } from './context';
import { counted, power } from './figures';
import type { Judgement } from './judge';
import { FIRST_LATE_STEP } from './measurementWindow';
import { parameterName } from './names';

/** What the row of a weight says whose verdict needs more steps. */
export function undecidedNote(context: DiagnosisContext): string {
  return `Too few steps to tell whether its gradient vanishes: ${ran(context)}.`;
}

/** What stands beside the verdict where some weights' verdict needs more steps, or null. */
export function undecidedSentence({ parameters, yardstick }: Judgement, context: DiagnosisContext): string | null {
  const undecided = parameters.flatMap(({ undecided, late }, parameter) => (undecided ? [{ parameter, late }] : []));
  const [first] = undecided;
  if (!first) return null;
  const worst = undecided.reduce((best, weight) => (weight.late < best.late ? weight : best), first);
  const others = undecided.length - 1;
  const and = others > 0 ? ` and of ${counted(others, 'more weight')}` : '';
  return (
    `Too few steps to tell whether the gradient of \`${parameterName(worst.parameter, context)}\`${and} vanishes: ${ran(context)}. ` +
    `At initialisation it is ${power(worst.late)} of the weight's own size; under ${power(yardstick.healthyFrom)} in later steps would be too little.`
  );
}

function ran({ trace }: DiagnosisContext): string {
  const steps = Math.max(0, ...trace.seeds.map((seed) => seed.steps));
  return `${counted(steps, 'step')} of at least ${FIRST_LATE_STEP + 1} ran`;
}
