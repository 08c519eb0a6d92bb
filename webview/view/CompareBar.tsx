import type { Comparison } from '../../src/report/panelProtocol';

interface Props {
  comparisons: readonly Comparison[];
  compared: Comparison['kind'] | null;
  onCompare: (kind: Comparison['kind'] | null) => void;
  onPin: (pin: boolean) => void;
}

const NAMES: Record<Comparison['kind'], string> = { previous: 'Before the last edit', pinned: 'Pinned' };

/** Which earlier diagnosis is laid over this one, and the pin that keeps this one. */
export function CompareBar({ comparisons, compared, onCompare, onPin }: Props) {
  const isPinned = comparisons.some(({ kind }) => kind === 'pinned');
  return (
    <div class="chips compare" role="group" aria-label="Compare with">
      <span class="quiet">Compare with</span>
      {comparisons.map(({ kind, verdict, made }) => (
        <button
          key={kind}
          type="button"
          class="chip"
          aria-pressed={compared === kind}
          title={`${verdict}, ${new Date(made).toLocaleTimeString()}`}
          onClick={() => onCompare(compared === kind ? null : kind)}
        >
          {NAMES[kind]}
        </button>
      ))}
      <button type="button" class="chip" onClick={() => onPin(!isPinned)}>
        {isPinned ? 'Let go of the pinned one' : 'Pin this diagnosis'}
      </button>
    </div>
  );
}
