import type { SourceSpan } from '../../src/graph/source';
import type { Finding, Remedy } from '../../src/report/report';
import { greatestRise, overlayOf } from '../model/compare';
import { figure, printable } from '../model/figures';
import type { Leaf } from '../model/leaves';
import { remedySentence } from '../model/sentences';
import { Place } from './Place';
import { Sentence } from './Sentence';

/** A remedy by its finding's number and its own id. */
export interface ShownRemedy {
  finding: number;
  id: string;
}

interface Props {
  findings: readonly Finding[];
  leaves: readonly Leaf[];
  /** False while the text has changed since: then no fix may be applied. */
  current: boolean;
  /** The one whose curve is laid over the chart. */
  shown: ShownRemedy | null;
  onShow: (remedy: ShownRemedy | null) => void;
  onReveal: (span: SourceSpan) => void;
  onApply: (finding: number, id: string) => void;
  onPreview: (finding: number, id: string) => void;
}

const isOffered = ({ status }: Remedy) => status === 'proved' || status === 'improves';

/** What was found, why, and the fixes that were measured; those that were tried in vain are listed below. */
export function Findings({ findings, leaves, current, shown, onShow, onReveal, onApply, onPreview }: Props) {
  return (
    <>
      {findings.map((finding, number) => {
        const others = finding.remedies.filter((remedy) => !isOffered(remedy));
        return (
          <article key={`${number}:${finding.code}`} class="finding">
            <h2>
              <Place path={finding.path} range={finding.range} onReveal={onReveal} />
              {finding.code}
            </h2>
            <p>
              <Sentence text={finding.cause} />
            </p>
            {finding.silenced !== undefined && <p>{`${finding.silenced} No fix is tried.`}</p>}
            <ul class="remedies">
              {finding.remedies.filter(isOffered).map((remedy) => {
                const isShown = shown?.finding === number && shown.id === remedy.id;
                return (
                  <li key={remedy.id} class={isShown ? 'remedy shown' : 'remedy'}>
                    <div>
                      <strong>
                        <Sentence text={remedy.title} />
                      </strong>
                      <span class="measured">{remedySentence(remedy)}</span>
                      <Rise remedy={remedy} leaves={leaves} />
                    </div>
                    <div class="actions">
                      {remedy.curve && (
                        <button
                          type="button"
                          class="chip"
                          aria-pressed={isShown}
                          onClick={() => onShow(isShown ? null : { finding: number, id: remedy.id })}
                        >
                          Show in chart
                        </button>
                      )}
                      {current && (
                        <>
                          <vscode-button appearance="secondary" onClick={() => onPreview(number, remedy.id)}>
                            Preview
                          </vscode-button>
                          <vscode-button
                            appearance={remedy.preferred ? 'primary' : 'secondary'}
                            onClick={() => onApply(number, remedy.id)}
                          >
                            Apply
                          </vscode-button>
                        </>
                      )}
                    </div>
                  </li>
                );
              })}
            </ul>
            {others.length > 0 && (
              <details class="tried">
                <summary>
                  {others.filter(({ status }) => status === 'refuted').length} refuted,{' '}
                  {others.filter(({ status }) => status === 'untested').length} not tried
                </summary>
                <ul class="remedies">
                  {others.map((remedy) => (
                    <li key={remedy.id} class="remedy tried">
                      <div>
                        <strong>
                          <Sentence text={remedy.title} />
                        </strong>
                        <span class="measured">
                          {remedy.status}: <Sentence text={remedySentence(remedy)} />
                        </span>
                      </div>
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </article>
        );
      })}
    </>
  );
}

/** What the fix does to the weight that it helps the most. */
function Rise({ remedy, leaves }: { remedy: Remedy; leaves: readonly Leaf[] }) {
  const rise = remedy.curve ? greatestRise(leaves, overlayOf(leaves, remedy.curve)) : null;
  return rise ? (
    <span class="measured">
      <code>{printable(rise.name)}</code>: gradient × {figure(rise.decades)}
    </span>
  ) : null;
}
