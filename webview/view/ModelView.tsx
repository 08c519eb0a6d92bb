import { useEffect, useMemo, useState } from 'preact/hooks';
import type { SourceSpan } from '../../src/graph/source';
import { modelTitle } from '../../src/report/modelTitle';
import type { Comparison, PanelHost, PanelState } from '../../src/report/panelProtocol';
import type { ModelReport } from '../../src/report/report';
import { overlayOf } from '../model/compare';
import { decadesOf } from '../model/decades';
import { holds, rowAt } from '../model/cursor';
import { csvOf, jsonOf } from '../model/table';
import { base64, pngOf, svgSource } from '../pictureExport';
import { Chart } from './Chart';
import { CompareBar } from './CompareBar';
import { Detail } from './Detail';
import { type ExportAsk, ExportMenu } from './ExportMenu';
import { Findings, type ShownRemedy } from './Findings';
import { GraphView } from './GraphView';
import { Legend } from './Legend';
import { Picture } from './Picture';
import type { DrawnOverlay } from './Plot';
import { Scrubber } from './Scrubber';
import { TableView } from './TableView';
import { TimeCurves } from './TimeCurves';
import { Toolbar, type ViewName } from './Toolbar';
import { useChart } from './useChart';

interface Props {
  model: ModelReport;
  state: PanelState;
  comparisons: readonly Comparison[];
  cursor: SourceSpan | null;
  host: PanelHost;
}

/** The pictures of one model that was trained, with its findings. */
export function ModelView({ model, state, comparisons, cursor, host }: Props) {
  const chart = useChart(model);
  const { leaves, rows, selected, select } = chart;
  const [shows, setShows] = useState<ViewName>('flow');
  const [step, setStep] = useState<number | null>(null);
  const [remedy, setRemedy] = useState<ShownRemedy | null>(null);
  const [compared, setCompared] = useState<Comparison['kind'] | null>('previous');
  const steps = model.flow?.loss.length ?? 0;
  const overlays = useMemo(() => {
    const drawn: DrawnOverlay[] = [];
    const other = comparisons.find(({ kind }) => kind === compared);
    if (other) drawn.push({ kind: other.kind, overlay: overlayOf(leaves, other.points) });
    const tried = remedy && model.findings[remedy.finding]?.remedies.find(({ id }) => id === remedy.id);
    if (tried?.curve) drawn.push({ kind: 'remedy', overlay: overlayOf(leaves, tried.curve) });
    return drawn;
  }, [comparisons, compared, remedy, model, leaves]);
  const decades = useMemo(
    () =>
      decadesOf(
        leaves,
        model.evidence,
        overlays.flatMap(({ overlay }) => [...overlay.values()]),
      ),
    [leaves, model, overlays],
  );
  useEffect(() => setStep(null), [model.flow?.loss.length]);
  // The cursor chooses a row of its place, unless the chosen one is there already: one line may make many layers.
  useEffect(() => {
    if (!cursor) return;
    const now = rows.find(({ key }) => key === selected);
    if (now && holds(now, cursor)) return;
    const found = rowAt(rows, cursor);
    if (found) select(found.key);
  }, [cursor]);
  const place = (span: SourceSpan, take: boolean) => void host.reveal(span, take);
  const row = rows.find(({ key }) => key === selected);

  const picture = () =>
    svgSource(<Picture title={modelTitle(model)} {...{ rows, decades, step, overlays }} tracks={chart.tracks} />);
  const take = async (ask: ExportAsk) => {
    if (ask === 'csv') await host.save('csv', csvOf(leaves));
    else if (ask === 'json') await host.save('json', jsonOf(model));
    else if (ask === 'svg') await host.save('svg', picture());
    else if (ask === 'png') await host.save('png', await base64(await pngOf(picture())));
    else await copyPicture(picture(), host);
  };
  const charted = shows === 'flow' || shows === 'training';
  return (
    <>
      <Toolbar chart={chart} shows={shows} onShow={setShows}>
        <ExportMenu onAsk={(ask) => void take(ask)} />
      </Toolbar>
      <div class={row ? 'with-detail' : ''}>
        <div id="picture" role="tabpanel" aria-labelledby={`tab-${shows}`}>
          {charted && (
            <>
              <Chart
                {...{ chart, decades, shows, steps, step, overlays }}
                atCursor={(each) => cursor !== null && holds(each, cursor)}
                onPlace={place}
              />
              <Scrubber steps={steps} step={step} loss={model.flow?.loss ?? []} onStep={setStep} />
              <Legend shows={shows} overlays={overlays} decades={decades} />
            </>
          )}
          {shows === 'graph' &&
            (model.flow ? (
              <GraphView flow={model.flow} chart={chart} onPlace={place} />
            ) : (
              <p class="message">No graph.</p>
            ))}
          {shows === 'table' && <TableView leaves={leaves} onPlace={(span) => place(span, true)} />}
        </div>
        {row && shows !== 'table' && (
          <Detail model={model} row={row} onPlace={(span) => place(span, true)} onClose={() => select(null)} />
        )}
      </div>
      {charted && (
        <CompareBar
          comparisons={comparisons}
          compared={compared}
          onCompare={setCompared}
          onPin={(pin) => {
            host.pinCurve(pin);
            setCompared(pin ? 'pinned' : 'previous');
          }}
        />
      )}
      {model.time && model.time.length > 0 && <TimeCurves time={model.time} onPlace={(span) => place(span, true)} />}
      <Findings
        findings={model.findings}
        leaves={leaves}
        current={state.phase !== 'outdated'}
        shown={remedy}
        onShow={(shown) => {
          setRemedy(shown);
          if (shown) setShows('flow');
        }}
        onReveal={(span) => place(span, true)}
        onApply={(finding, id) => void host.applyRemedy(finding, id)}
        onPreview={(finding, id) => void host.previewRemedy(finding, id)}
      />
    </>
  );
}

/** As a picture where the browser lets one, else as the source of one. */
async function copyPicture(svg: string, host: PanelHost): Promise<void> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': pngOf(svg) })]);
  } catch {
    await host.copy(svg);
  }
}
