import type { SourceSpan } from '../../graph/source';
import type { ActivationPlace } from '../idea';
import { argumentsOf } from '../python/pythonSource';
import type { FileEdits } from '../python/fileEdits';

/** `nn.Softmax(dim=1)`, `F.softmax(x, dim=1)`, `x.softmax(1)` over one unit become the sigmoid of the same form. */
export function sigmoidForSoftmax({ span }: ActivationPlace, edits: FileEdits): { from: string; to: string } | null {
  const { source } = edits;
  const call = source.callAt(span.range);
  const callee = call?.firstChild;
  if (!call || !callee) return null;
  const written = source.textOf(callee);
  const path = edits.names.canonical(written);
  if (path === 'torch.nn.Softmax') {
    const to = edits.spell('torch.nn.Sigmoid', written);
    edits.replace(callee.from, call.to, `${to}()`);
    return { from: written, to };
  }
  const [input] = argumentsOf(call, source).positional;
  if (path === 'torch.softmax' || path === 'torch.nn.functional.softmax') {
    if (!input) return null;
    const to = edits.spell('torch.sigmoid', '', { line: 'import torch', short: 'torch.sigmoid' });
    edits.replace(call.from, call.to, `${to}(${source.textOf(input)})`);
    return { from: written, to };
  }
  const method = callee.lastChild;
  if (method?.name !== 'PropertyName' || source.textOf(method) !== 'softmax') return null;
  edits.replace(method.from, call.to, 'sigmoid()');
  return { from: 'softmax', to: 'sigmoid' };
}

/** `x.detach()` becomes `x`. */
export function attach(span: SourceSpan, edits: FileEdits): boolean {
  const { source } = edits;
  const call = source.callAt(span.range);
  const callee = call?.firstChild;
  const receiver = callee?.firstChild;
  const method = callee?.lastChild;
  if (!call || !receiver || method?.name !== 'PropertyName' || source.textOf(method) !== 'detach') return false;
  edits.replace(receiver.to, call.to, '');
  return true;
}
