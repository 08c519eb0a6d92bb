import type { SourceRange, SourceSpan } from '../../src/graph/source';

interface Props {
  path: string;
  range: SourceRange;
  onReveal: (span: SourceSpan) => void;
}

/** A line to go to. No editor shows the text inside an archive. */
export function Place({ path, range, onReveal }: Props) {
  const line = `line ${range.start.line + 1}`;
  if (/\.keras$/i.test(path)) return <span class="place within">{line} of config.json</span>;
  return (
    <button type="button" class="place" onClick={() => onReveal({ path, range })}>
      {line}
    </button>
  );
}
