import type { SourceSpan } from '../../src/graph/source';
import type { Finding } from '../../src/report/report';
import { remedySentence } from '../model/sentences';
import { Place } from './Place';
import { Sentence } from './Sentence';

interface Props {
  findings: readonly Finding[];
  /** False while the text has changed since: then no fix may be applied. */
  current: boolean;
  onReveal: (span: SourceSpan) => void;
  onApply: (finding: number, id: string) => void;
}

/** What was found, why, and the fixes that were measured; those that were tried in vain are listed last. */
export function Findings({ findings, current, onReveal, onApply }: Props) {
  return (
    <>
      {findings.map((finding, number) => (
        <article key={`${finding.code}:${finding.range.start.line}`} class="finding">
          <h2>
            <Place path={finding.path} range={finding.range} onReveal={onReveal} />
            {finding.code}
          </h2>
          <p>
            <Sentence text={finding.cause} />
          </p>
          <ul class="remedies">
            {finding.remedies.map((remedy) => {
              const offered = remedy.status === 'proved' || remedy.status === 'improves';
              return (
                <li key={remedy.id} class={offered ? 'remedy' : 'remedy tried'}>
                  <div>
                    <strong>
                      <Sentence text={remedy.title} />
                    </strong>
                    <span class="measured">
                      {offered ? remedySentence(remedy) : `${remedy.status}: ${remedySentence(remedy)}`}
                    </span>
                  </div>
                  {offered && current && (
                    <vscode-button
                      appearance={remedy.preferred ? 'primary' : 'secondary'}
                      onClick={() => onApply(number, remedy.id)}
                    >
                      Apply
                    </vscode-button>
                  )}
                </li>
              );
            })}
          </ul>
        </article>
      ))}
    </>
  );
}
