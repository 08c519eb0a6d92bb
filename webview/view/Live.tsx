import type { LiveStep } from '../../src/report/panelProtocol';
import { Sparkline } from './Sparkline';
import { liveFigures } from '../model/liveFigures';

/** Training as it runs: the weakest weight and the loss, step by step. */
export function Live({ live }: { live: readonly LiveStep[] }) {
  const last = live.at(-1);
  if (!last) return null;
  const { weakest, name } = liveFigures(live);
  return (
    <section class="live" aria-label="Training now">
      <p class="quiet">
        <code>{last.model}</code> step {last.step + 1} of {last.steps}
        {last.loss === null ? '' : `, loss ${Number(last.loss.toPrecision(3))}`}
      </p>
      {live.length > 1 && name !== null && <Sparkline title={`Weakest weight now: ${name}`} figures={weakest} />}
    </section>
  );
}
