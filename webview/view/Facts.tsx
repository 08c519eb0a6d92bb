import { modelTitle } from '../../src/report/modelTitle';
import type { ModelReport } from '../../src/report/report';
import { unjudgedReason } from '../../src/report/unjudgedReason';
import { printable } from '../model/figures';
import { evidenceSentence, guessSentences, inputSentences } from '../model/sentences';
import { Sentence } from './Sentence';

/** Which model, its verdict, and what the verdict rests on. */
export function Facts({ model }: { model: ModelReport }) {
  const unjudged = unjudgedReason(model);
  return (
    <header>
      <h1>
        <code>{printable(modelTitle(model))}</code> <span class={`verdict ${model.verdict}`}>{model.verdict}</span>
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
  );
}
