import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { SourceSpan } from '../../src/graph/source';
import type { TimeReport } from '../../src/report/report';
import { powerOfTen } from '../model/figures';
import { FORGOTTEN, timeCurveOf } from '../model/timeCurve';
import { Place } from './Place';
import { useSize } from './useSize';

const HEIGHT = 150;
const [LEFT, RIGHT, TOP] = [40, 12, 16];

/** For each recurrent layer, how far back the gradient reaches. */
export function TimeCurves({ time, onPlace }: { time: readonly TimeReport[]; onPlace: (span: SourceSpan) => void }) {
  return (
    <section class="time" aria-label="Through time">
      <h2>Through time</h2>
      {time.map((report) => (
        <Curve key={report.layer} report={report} onPlace={onPlace} />
      ))}
    </section>
  );
}

function Curve({ report, onPlace }: { report: TimeReport; onPlace: (span: SourceSpan) => void }) {
  const { layer, byLag, horizon, low, sentence } = timeCurveOf(report);
  const [frame, { width }] = useSize<HTMLElement>();
  const last = Math.max(1, byLag.length - 1);
  // The last step stands at the right, as time runs.
  const x = scaleLinear([0, last], [width - RIGHT, LEFT]);
  const y = scaleLinear([low, 0], [HEIGHT, TOP]);
  const path = line<number | null>()
    .defined((value) => value !== null)
    .x((_, lag) => x(lag))
    .y((value) => y(value ?? 0))(byLag);
  const ticks = y.ticks(4).filter(Number.isInteger);
  return (
    <figure class="time-curve" ref={frame}>
      <figcaption>
        <code>{layer}</code> {report.vanishing && <span class="verdict vanishing">forgets</span>}{' '}
        {report.span && (
          <Place
            path={report.span.path}
            range={report.span.range}
            onReveal={() => report.span && onPlace(report.span)}
          />
        )}
      </figcaption>
      {width > 0 && (
        <svg width={width} height={HEIGHT + 34} role="img" aria-label={sentence}>
          {horizon !== null && (
            <rect class="forgotten" x={LEFT} y={TOP} width={Math.max(0, x(horizon) - LEFT)} height={HEIGHT - TOP} />
          )}
          {ticks.map((tick) => (
            <g key={tick}>
              <line class="grid" x1={LEFT} x2={width - RIGHT} y1={y(tick)} y2={y(tick)} />
              <text class="tick" x={LEFT - 4} y={y(tick) + 4} text-anchor="end">
                {powerOfTen(tick)}
              </text>
            </g>
          ))}
          <line class="reference limit" x1={LEFT} x2={width - RIGHT} y1={y(FORGOTTEN)} y2={y(FORGOTTEN)} />
          <path class="curve" d={path ?? ''} />
          {horizon !== null && (
            <g>
              <line class="horizon" x1={x(horizon)} x2={x(horizon)} y1={TOP} y2={HEIGHT} />
              <text
                class="reference-label limit"
                x={x(horizon)}
                y={TOP - 4}
                text-anchor={x(horizon) > width - 90 ? 'end' : x(horizon) < 90 ? 'start' : 'middle'}
              >
                memory horizon {horizon}
              </text>
            </g>
          )}
          {[last, Math.round(last / 2), 0].map((lag) => (
            <text
              key={lag}
              class="tick"
              x={x(lag)}
              y={HEIGHT + 14}
              text-anchor={lag === 0 ? 'end' : lag === last ? 'start' : 'middle'}
            >
              {lag === 0 ? 'last step' : `−${lag}`}
            </text>
          ))}
          <text class="axis-title" x={(LEFT + width - RIGHT) / 2} y={HEIGHT + 30} text-anchor="middle">
            |dL/dh| at steps before the last
          </text>
        </svg>
      )}
      <p class="quiet">{sentence}</p>
    </figure>
  );
}
