import type { CallExpression } from '@babel/types';
import type { LayerPlace } from '../idea';
import { besides } from './besides';
import { addProperty, configValues } from './configProperty';
import { calleeName, endOf, startOf } from './javascriptSource';
import type { Draft } from './sites';

/** Makes `simpleRNN` an `lstm` or `gru`, which take the same configuration. */
export function swapCell({ span }: LayerPlace, to: 'lstm' | 'gru', { source, edits }: Draft): boolean {
  const call = source.callAt(span.range);
  const name = call && nameNode(call);
  if (!call || !name || calleeName(call) !== 'simpleRNN') return false;
  edits.replace(startOf(name), endOf(name), to);
  return true;
}

function nameNode({ callee }: CallExpression) {
  return callee.type === 'MemberExpression' ? callee.property : null;
}

/** Lets a recurrent layer give all its steps and puts their mean behind it. */
export function readAllSteps({ span }: LayerPlace, draft: Draft): boolean {
  const { source, values, edits } = draft;
  const call = source.callAt(span.range);
  const callee = call?.callee;
  if (!call || callee?.type !== 'MemberExpression') return false;
  const given = configValues(call, 'returnSequences', values);
  if (given.some((value) => value.type !== 'BooleanLiteral' || value.value)) return false;
  for (const value of given) edits.replace(startOf(value), endOf(value), 'true');
  if (given.length === 0 && !addProperty(call, 'returnSequences: true', source, values, edits)) return false;
  const layers = source.textOf(callee.object);
  const pooled = `${layers}.globalAveragePooling1d()`;
  if (besides(call, pooled, 'behind', source, edits)) return true;
  // Where nothing shows what follows, the two become one layer.
  const sequential = layers.endsWith('.layers') ? layers.replace(/layers$/, 'sequential') : 'sequential';
  if (sequential === 'sequential' && !/\bsequential\b/.test(source.text)) return false;
  edits.insert(startOf(call), `${sequential}({ layers: [`);
  edits.insert(endOf(call), `, ${pooled}] })`);
  return true;
}
