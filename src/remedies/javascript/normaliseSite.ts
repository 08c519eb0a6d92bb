import type { ActivationPlace } from '../idea';
import { besides, type Side } from './besides';
import { calleeName } from './javascriptSource';
import type { Draft } from './sites';

/** Puts a batch norm beside the layer that runs an activation: in front of `activation(...)`, behind a layer that holds its own. */
export function normalise(place: ActivationPlace, { source, edits }: Draft): Side | null {
  const call = source.callAt(place.span.range);
  const callee = call?.callee;
  if (!call || callee?.type !== 'MemberExpression') return null;
  const side = calleeName(call) === 'activation' ? 'before' : 'behind';
  return besides(call, `${source.textOf(callee.object)}.batchNormalization()`, side, source, edits) ? side : null;
}
