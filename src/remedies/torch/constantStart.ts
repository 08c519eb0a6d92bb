import type { SourceSpan } from '../../graph/source';
import { argumentsOf } from '../python/pythonSource';
import type { FileEdits } from '../python/fileEdits';

/** Rewrites the call of `torch.nn.init`, or the `fill_`, by which the file starts a bias or scale. Returns what was there. */
export function startConstant(span: SourceSpan, value: 0 | 1, edits: FileEdits): string | null {
  const { source } = edits;
  const call = source.callAt(span.range);
  const callee = call?.firstChild;
  if (!call || !callee) return null;
  const written = source.textOf(callee);
  const [first] = argumentsOf(call, source).positional;
  if (edits.names.canonical(written)?.startsWith('torch.nn.init.') === true) {
    if (!first) return null;
    const to = edits.spell(`torch.nn.init.${value === 0 ? 'zeros_' : 'ones_'}`, written);
    edits.replace(call.from, call.to, `${to}(${source.textOf(first)})`);
    return source.textOf(call);
  }
  const method = callee.lastChild;
  if (method?.name !== 'PropertyName' || !['fill_', 'zero_'].includes(source.textOf(method))) return null;
  edits.replace(method.from, call.to, value === 0 ? 'zero_()' : 'fill_(1)');
  return source.textOf(call);
}
