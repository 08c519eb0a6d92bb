import { useEffect, useState } from 'preact/hooks';

interface Props {
  steps: number;
  /** null: the late steps together. */
  step: number | null;
  loss: readonly (number | null)[];
  onStep: (step: number | null) => void;
}

/** Milliseconds that a step is shown while playing. */
const PACE = 120;

/** Goes through the steps of training by hand or by itself. */
export function Scrubber({ steps, step, loss, onStep }: Props) {
  const [plays, setPlays] = useState(false);
  useEffect(() => {
    if (!plays) return undefined;
    const timer = setTimeout(() => {
      const next = step === null ? 0 : step + 1;
      if (next < steps) onStep(next);
      else setPlays(false);
    }, PACE);
    return () => clearTimeout(timer);
  }, [plays, step, steps]);
  if (steps < 2) return null;
  const known = step === null ? null : (loss[step] ?? null);
  const said =
    step === null ? 'late steps' : `step ${step}${known === null ? '' : `, loss ${Number(known.toPrecision(3))}`}`;
  return (
    <div class="scrubber">
      <button
        type="button"
        class="icon-button"
        aria-label={plays ? 'Pause' : 'Play through the steps'}
        title={plays ? 'Pause' : 'Play through the steps'}
        onClick={() => {
          if (!plays && step === steps - 1) onStep(0);
          setPlays(!plays);
        }}
      >
        {plays ? '❚❚' : '▶'}
      </button>
      <input
        type="range"
        min="0"
        max={steps - 1}
        value={step ?? steps - 1}
        aria-label="Step of training"
        aria-valuetext={said}
        onInput={(event) => {
          setPlays(false);
          onStep(Number(event.currentTarget.value));
        }}
      />
      <span class="quiet">{said}</span>
      {step !== null && (
        <button
          type="button"
          class="chip"
          onClick={() => {
            setPlays(false);
            onStep(null);
          }}
        >
          Late steps
        </button>
      )}
    </div>
  );
}
