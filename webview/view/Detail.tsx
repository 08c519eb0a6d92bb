import type { SourceSpan } from '../../src/graph/source';
import type { ModelReport } from '../../src/report/report';
import { detailOf } from '../model/detail';
import type { Row } from '../model/rows';
import { nameOf } from '../model/sentences';
import { HistogramChart } from './HistogramChart';
import { Place } from './Place';
import { Sparkline } from './Sparkline';

interface Props {
  model: ModelReport;
  row: Row;
  onPlace: (span: SourceSpan) => void;
  onClose: () => void;
}

/** All that is known of the chosen row. */
export function Detail({ model, row, onPlace, onClose }: Props) {
  const { figures, gradients, activations, steps } = detailOf(model, row);
  return (
    <aside class="detail" aria-label="The chosen layer">
      <header>
        <h2>
          <code>{nameOf(row)}</code>
        </h2>
        {row.span && (
          <Place path={row.span.path} range={row.span.range} onReveal={() => row.span && onPlace(row.span)} />
        )}
        <button type="button" class="icon-button" aria-label="Close" title="Close" onClick={onClose}>
          ✕
        </button>
      </header>
      <dl>
        {figures.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div class="pictures">
        {steps.length > 1 && <Sparkline title="Relative gradient by step" figures={steps} />}
        {gradients && <HistogramChart title="Elements of the gradient" histogram={gradients} logarithmic />}
        {activations && <HistogramChart title="Activations" histogram={activations} logarithmic={false} />}
      </div>
    </aside>
  );
}
