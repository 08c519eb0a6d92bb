import { useMemo } from 'preact/hooks';
import type { SourceSpan } from '../../src/graph/source';
import type { PanelHost, PanelState } from '../../src/report/panelProtocol';
import { modelTitle } from '../../src/report/modelTitle';
import { unjudgedReason } from '../../src/report/unjudgedReason';
import type { FileReport, ModelReport } from '../../src/report/report';
import { chartOf } from '../model/chart';
import { evidenceSentence, guessSentences, inputSentences } from '../model/sentences';
import { Chart } from './Chart';
import { Findings } from './Findings';
import { Place } from './Place';
import { Sentence } from './Sentence';
import { StateBar } from './StateBar';

export interface Shown {
  report: FileReport | null;
  modelIndex: number;
  state: PanelState;
}

interface Props extends Shown {
  host: PanelHost;
}

/** The whole panel: the state of the diagnosis, the model, its chart, its findings. */
export function App({ report, modelIndex, state, host }: Props) {
  const model = report?.models[modelIndex];
  const reveal = (span: SourceSpan) => void host.reveal(span);
  return (
    <main class={state.phase === 'outdated' ? 'outdated' : ''}>
      <StateBar state={state} />
      {report && report.models.length > 1 && (
        <vscode-dropdown
          aria-label="Model"
          value={String(modelIndex)}
          onchange={(event) => host.selectModel(Number((event.target as HTMLInputElement).value))}
        >
          {report.models.map((each, index) => (
            <vscode-option key={index} value={String(index)}>
              {modelTitle(each)}
            </vscode-option>
          ))}
        </vscode-dropdown>
      )}
      {model ? (
        <Model model={model} state={state} reveal={reveal} host={host} />
      ) : (
        <Problems report={report} state={state} reveal={reveal} />
      )}
    </main>
  );
}

interface ModelProps {
  model: ModelReport;
  state: PanelState;
  reveal: (span: SourceSpan) => void;
  host: PanelHost;
}

function Model({ model, state, reveal, host }: ModelProps) {
  const chart = useMemo(() => chartOf(model), [model]);
  const unjudged = unjudgedReason(model);
  return (
    <>
      <header>
        <h1>
          <code>{modelTitle(model)}</code> <span class={`verdict ${model.verdict}`}>{model.verdict}</span>
        </h1>
        {inputSentences(model).map(({ text, reason }) => (
          <p key={text} class="fact" title={reason}>
            {text}
          </p>
        ))}
        {guessSentences(model).map((message) => (
          <p key={message} class="fact">
            <span class="guess">guess</span> <Sentence text={message} />
          </p>
        ))}
        {unjudged !== null && <p class="fact">{unjudged}</p>}
        {model.evidence && <p class="fact">{evidenceSentence(model.evidence)}</p>}
        {model.evidence?.undecided && (
          <p class="fact">
            <span class="guess">undecided</span> <Sentence text={model.evidence.undecided} />
          </p>
        )}
        {model.evidence?.reductions.map((reduction) => (
          <p key={reduction} class="fact">
            {reduction}
          </p>
        ))}
      </header>
      {model.unread ? (
        <p class="message">
          <Sentence text={model.unread.message} />
        </p>
      ) : (
        <>
          <Chart chart={chart} onSelect={({ span }) => span && reveal(span)} />
          <Findings
            findings={model.findings}
            current={state.phase !== 'outdated'}
            onReveal={reveal}
            onApply={(finding, id) => void host.applyRemedy(finding, id)}
          />
        </>
      )}
    </>
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
