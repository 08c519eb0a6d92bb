import type { Decades } from '../model/decades';
import { Mark } from './MarkShape';
import type { DrawnOverlay } from './Plot';

const OVERLAY_NAMES: Record<DrawnOverlay['kind'], string> = {
  previous: 'the diagnosis before',
  pinned: 'the pinned diagnosis',
  remedy: 'with the fix',
};

interface Props {
  shows: 'flow' | 'training';
  overlays: readonly DrawnOverlay[];
  decades: Decades;
}

/** What the marks mean. */
export function Legend({ shows, overlays, decades }: Props) {
  if (shows === 'training')
    return (
      <p class="legend" aria-hidden="true">
        <span class="legend-heat" /> under the limit to healthy{decades.hasZero ? '; exactly zero is the darkest' : ''}
      </p>
    );
  return (
    <p class="legend" aria-hidden="true">
      <Mark verdict="healthy" /> learns <Mark verdict="vanishing" /> flagged <Mark verdict="dead" /> exactly zero or
      dead <Mark verdict="unjudged" /> not judged <span class="legend-band" /> over seeds and steps{' '}
      <span class="legend-flow" /> gradient from the loss (below) to the input
      {overlays.map(({ kind }) => (
        <span key={kind} class="legend-overlay">
          <span class={`legend-line ${kind}`} /> {OVERLAY_NAMES[kind]}
        </span>
      ))}
    </p>
  );
}
