import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { ModelReport } from '../../src/report/report';
import type { Track } from '../model/columns';
import { leavesOf } from '../model/leaves';
import { rowsOf } from '../model/rows';
import { foldedAtFirst, groupsOf, treeOf } from '../model/tree';

/** Rows that are seen before anyone folds or unfolds. */
const AT_FIRST = 60;

/** What the user has chosen to see of one model. It outlasts a new report on the same model. */
export function useChart(model: ModelReport) {
  const leaves = useMemo(() => leavesOf(model), [model]);
  const tree = useMemo(() => treeOf(leaves), [leaves]);
  const groups = useMemo(() => groupsOf(tree), [tree]);
  const structure = groups.map(({ id }) => id).join('\n');
  const [folded, setFolded] = useState<ReadonlySet<string>>(() => foldedAtFirst(tree, AT_FIRST));
  useEffect(() => setFolded(foldedAtFirst(tree, AT_FIRST)), [structure]);
  const rows = useMemo(() => rowsOf(tree, folded), [tree, folded]);
  const [selected, select] = useState<string | null>(null);
  const [tracks, setTracks] = useState<readonly Track[]>(['saturated']);
  const fold = useCallback(
    (id: string, shut: boolean) =>
      setFolded((before) => {
        const after = new Set(before);
        if (shut) after.add(id);
        else after.delete(id);
        return after;
      }),
    [],
  );
  return {
    leaves,
    groups,
    rows,
    folded,
    fold,
    foldAll: () => setFolded(new Set(groups.map(({ id }) => id))),
    unfoldAll: () => setFolded(new Set()),
    selected,
    select,
    tracks,
    toggleTrack: (track: Track) =>
      setTracks((before) => (before.includes(track) ? before.filter((each) => each !== track) : [...before, track])),
  };
}
export type ChartState = ReturnType<typeof useChart>;
