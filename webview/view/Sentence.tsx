import { codeParts } from '../model/sentences';

/** A sentence of the report: what stands in backticks is set as code. */
export function Sentence({ text }: { text: string }) {
  return (
    <>
      {codeParts(text).map(({ text: part, code }, number) =>
        code ? <code key={number}>{part}</code> : <span key={number}>{part}</span>,
      )}
    </>
  );
}
