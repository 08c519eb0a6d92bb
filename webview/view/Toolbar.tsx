import type { ComponentChildren } from 'preact';
import { TRACKS } from '../model/columns';
import type { ChartState } from './useChart';
import { TRACK_NAMES } from './TrackColumn';

export const VIEWS = ['flow', 'training', 'graph', 'table'] as const;
export type ViewName = (typeof VIEWS)[number];
const VIEW_TITLES: Record<ViewName, string> = { flow: 'Flow', training: 'Training', graph: 'Graph', table: 'Table' };

interface Props {
  chart: ChartState;
  shows: ViewName;
  onShow: (view: ViewName) => void;
  children?: ComponentChildren;
}

/** Which picture is shown, and what stands beside it. */
export function Toolbar({ chart, shows, onShow, children }: Props) {
  const move = (event: KeyboardEvent, by: number) => {
    event.preventDefault();
    const next = VIEWS[(VIEWS.indexOf(shows) + by + VIEWS.length) % VIEWS.length];
    if (!next) return;
    onShow(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  const charted = shows === 'flow' || shows === 'training';
  return (
    <div class="toolbar">
      <div role="tablist" aria-label="Picture" class="tabs">
        {VIEWS.map((view) => (
          <button
            key={view}
            id={`tab-${view}`}
            type="button"
            role="tab"
            aria-selected={view === shows}
            aria-controls="picture"
            tabIndex={view === shows ? 0 : -1}
            onClick={() => onShow(view)}
            onKeyDown={(event) => {
              if (event.key === 'ArrowRight') move(event, 1);
              if (event.key === 'ArrowLeft') move(event, -1);
            }}
          >
            {VIEW_TITLES[view]}
          </button>
        ))}
      </div>
      {charted && (
        <div class="chips" role="group" aria-label="Tracks">
          {TRACKS.map((track) => (
            <button
              key={track}
              type="button"
              class="chip"
              aria-pressed={chart.tracks.includes(track)}
              onClick={() => chart.toggleTrack(track)}
            >
              {TRACK_NAMES[track]}
            </button>
          ))}
        </div>
      )}
      {(charted || shows === 'graph') && chart.groups.length > 0 && (
        <div class="chips" role="group" aria-label="Modules">
          <button type="button" class="chip" onClick={chart.foldAll}>
            Fold all
          </button>
          <button type="button" class="chip" onClick={chart.unfoldAll}>
            Unfold all
          </button>
        </div>
      )}
      {children}
    </div>
  );
}
