import type { DiagnosisContext } from '../context';
import type { DiagnosedFinding } from '../diagnosis';
import { counted, power, twoDigits } from '../figures';
import { anySpan } from '../names';
import { recurrentLayers, type RecurrentLayer } from '../recurrentLayers';
import { groupBy } from '../statistics';

/**
 * RMS(dL/dh_t) at the first step is under 1e-2 of the last step's: what the sequence began with hardly reaches the
 * weights (Bengio, Simard and Frasconi 1994; Hochreiter 1991). Said, not warned of, and only where the loss reads few of
 * the steps: most healthy recurrent nets lose the gradient to early steps, and a tagger that reads every step does not
 * need it. Where the loss reads the steps through a mean or an attention, the measured gradient does not fall; where a bidirectional layer ends
 * on the first step too, that step is heard.
 */
export function vanishingInTime(context: DiagnosisContext): DiagnosedFinding[] {
  const layers = recurrentLayers(context).filter(
    ({ memory, readsEveryStep, heardBackward }) => memory.vanishing && !readsEveryStep && !heardBackward,
  );
  // Layers that one call stacks are one squiggle, spoken for by the one that forgets first.
  return groupBy(layers, ({ span }) => JSON.stringify(span)).flatMap((group) => {
    const layer = group.reduce((best, other) => (horizonOf(other) < horizonOf(best) ? other : best));
    const span = layer.span ?? anySpan(context);
    if (!span) return [];
    return [
      {
        code: 'vanishing-in-time' as const,
        severity: 'information' as const,
        message: `${headline(layer, group.length - 1)} ${advice(layer)}`,
        span,
        // No weight is flagged: all of them learn, from the last steps.
        parameters: [],
        cause: causeOf(layer),
        causeKind: 'recurrence' as const,
        attribution: [],
        causeNodes: [],
        related: [],
      },
    ];
  });
}

const horizonOf = ({ memory }: RecurrentLayer): number => memory.horizon ?? Infinity;

function headline({ name, memory: { log10, horizon } }: RecurrentLayer, others: number): string {
  const who = others === 0 ? `\`${name}\` learns` : `\`${name}\` and ${counted(others, 'more layer')} made here learn`;
  const lag = horizon === null ? '' : ` after ${horizon} of ${log10.length} steps`;
  return `${who} little from early steps: the gradient back through time falls under 0.01 of the last step's${lag}.`;
}

function causeOf({ memory: { log10, halfLife } }: RecurrentLayer): string {
  const first = `At the first step the gradient of the state is ${power(log10[0] ?? NaN)} of that at the last, at initialisation`;
  return halfLife === null ? `${first}.` : `${first}; it halves every ${twoDigits(halfLife)} steps.`;
}

function advice({ node }: RecurrentLayer): string {
  const cell =
    node.attributes.cell === 'rnn'
      ? 'use gated cells (LSTM, GRU) with a gate bias to the length of the memory'
      : "set the gates' bias to the length of the memory";
  return `Where early steps matter, ${cell}, or let the loss read more steps than the last.`;
}
