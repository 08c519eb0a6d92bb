import type { SourceSpan } from '../../src/graph/source';
import { modelTitle } from '../../src/report/modelTitle';
import type { PanelHost, PanelPage, PanelState } from '../../src/report/panelProtocol';
import type { FileReport } from '../../src/report/report';
import { printable } from '../model/figures';
import { Facts } from './Facts';
import { ModelView } from './ModelView';
import { Place } from './Place';
import { Sentence } from './Sentence';
import { StateBar } from './StateBar';

export interface Shown {
  page: PanelPage;
  state: PanelState;
  /** Where the editor's cursor stands; null where it is in another file. */
  cursor: SourceSpan | null;
}

interface Props extends Shown {
  host: PanelHost;
}

/** The whole panel: the state of the diagnosis, the model, its pictures, its findings. */
export function App({ page, state, cursor, host }: Props) {
  const { subject, report, modelIndex, comparisons, isPinned } = page;
  const model = report?.models[modelIndex];
  const reveal = (span: SourceSpan) => void host.reveal(span, true);
  return (
    <main class={state.phase === 'outdated' ? 'outdated' : ''}>
      <div class="top">
        <StateBar state={state} />
        {report && report.models.length > 1 && (
          <vscode-dropdown
            aria-label="Model"
            value={String(modelIndex)}
            onchange={(event) => host.selectModel(Number((event.target as HTMLInputElement).value))}
          >
            {report.models.map((each, index) => (
              <vscode-option key={index} value={String(index)}>
                {printable(modelTitle(each))}
              </vscode-option>
            ))}
          </vscode-dropdown>
        )}
        {subject !== null && (
          <button
            type="button"
            class="chip pin"
            aria-pressed={isPinned}
            title="Stay with this file when another model file becomes active"
            onClick={() => host.pinPanel(!isPinned)}
          >
            Stay with this file
          </button>
        )}
      </div>
      {model ? (
        <>
          <Facts model={model} />
          {model.unread ? (
            <p class="message">
              <Sentence text={model.unread.message} />
            </p>
          ) : (
            <ModelView key={`${subject ?? ''} ${modelIndex}`} {...{ model, state, comparisons, cursor, host }} />
          )}
        </>
      ) : (
        <Problems report={report} state={state} reveal={reveal} />
      )}
    </main>
  );
}

/** No model: what kept the reader from finding one, or nothing at all yet. */
function Problems({
  report,
  state,
  reveal,
}: {
  report: FileReport | null;
  state: PanelState;
  reveal: (span: SourceSpan) => void;
}) {
  if (!report || state.phase === 'running') return null;
  if (report.problems.length === 0) return <p class="message">This file holds no model that can be read.</p>;
  return (
    <ul class="problems">
      {report.problems.map((problem) => (
        <li key={`${problem.code}:${problem.message}`}>
          <Place path={problem.path} range={problem.range} onReveal={reveal} />
          <Sentence text={problem.message} />
        </li>
      ))}
    </ul>
  );
}
