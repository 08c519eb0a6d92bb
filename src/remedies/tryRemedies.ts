import type { Remedy } from '../report/report';
import { estimate } from '../trace/estimate';
import { propose } from './propose';
import { prove, type ModelBefore, type ProofContext } from './prove';

/** How much is tried for one finding. */
export interface Effort {
  /** Candidates tried at the most. */
  most: number;
  /** Proved remedies after which the rest is left untried. */
  enough: number;
}

export const USUAL_EFFORT: Effort = { most: 6, enough: 2 };

/** Where one proof takes long, the first that holds is what its user waits for. */
const HEAVY_EFFORT: Effort = { most: 3, enough: 1 };

/** Estimated milliseconds of one proof above which it is heavy. Estimated, not timed: the same file gets the same remedies everywhere. */
const HEAVY = 3_000;

/** What is tried for a finding of this model: a proof trains every seed with the edit, and lets the model learn a batch without and with it. */
export function effortFor({ graph, trace: { plan } }: ModelBefore): Effort {
  const step = estimate(graph).milliseconds(graph.inputs[0]?.shape[0] ?? 1);
  return (plan.seeds.length + 2) * plan.steps * step > HEAVY ? HEAVY_EFFORT : USUAL_EFFORT;
}

/**
 * Proposes remedies for a finding and proves them one after the other, best first. Yields the list as it stands: at first all untested,
 * then after each proof. The last list has one preferred remedy where any was proved: the first, since candidates come with the
 * smallest edit that is likely to cure in front. Untested ones stay in the list and say so.
 */
export async function* tryRemedies(
  context: ProofContext,
  effort: Effort = effortFor(context.subject),
): AsyncGenerator<Remedy[], void> {
  const { finding, subject, files } = context;
  const others = context.models.filter((model) => model !== subject).map((model) => model.graph);
  const candidates = propose(finding, subject.diagnosis, subject.graph, files, others);
  const remedies = candidates.map((candidate): Remedy => ({
    ...candidate,
    status: 'untested',
    preferred: false,
    measured: { before: null, after: null },
    reason: 'Not tried yet.',
  }));
  yield [...remedies];
  let proved = 0;
  const whyNot = (place: number) => {
    if (proved >= effort.enough) return 'Not tried: others were proved first.';
    if (place >= effort.most) return 'Not tried: enough others were tried.';
    return context.isOver?.() === true ? 'Not tried: the time for proofs was over.' : null;
  };
  for (const [place, candidate] of candidates.entries()) {
    const reason = whyNot(place);
    if (reason !== null) {
      remedies[place] = { ...candidate, ...untried, reason };
      continue;
    }
    const remedy = await prove(candidate, context);
    if (remedy.status === 'proved') proved++;
    remedies[place] = { ...remedy, preferred: remedy.status === 'proved' && proved === 1 };
    yield [...remedies];
  }
  yield ranked(remedies);
}

/** Proved ones first, as they were tried: the smallest edit that cures leads. Behind them what improves, by how much; then the rest. */
function ranked(remedies: readonly Remedy[]): Remedy[] {
  const worst = ({ measured }: Remedy) => measured.after?.logRelativeGradient ?? -Infinity;
  const improving = remedies.filter(({ status }) => status === 'improves').sort((a, b) => worst(b) - worst(a));
  return [
    ...remedies.filter(({ status }) => status === 'proved'),
    ...improving,
    ...remedies.filter(({ status }) => status !== 'proved' && status !== 'improves'),
  ];
}

const untried = {
  status: 'untested',
  preferred: false,
  measured: { before: null, after: null },
} as const;
