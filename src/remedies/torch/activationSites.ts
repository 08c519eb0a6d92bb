import type { SyntaxNode } from '@lezer/common';
import { ACTIVATIONS, isReplaceableFunction, isReplaceableLayer, isReplaceableMethod } from './activations';
import type { OpName } from '../../graph/ops';
import type { ActivationName, ActivationPlace } from '../idea';
import type { FileEdits } from '../python/fileEdits';
import { alternatives, lastName, valuesOfName } from '../python/handedOn';
import { argumentsOf, type PythonSource } from '../python/pythonSource';
import { ImportedNames } from '../python/importedNames';

/** A place in the source that decides which activation is used; several calls may share it. */
export type ActivationSite =
  | NamedSite
  /** `x.sigmoid()` */
  | { kind: 'method'; path: string; call: SyntaxNode; receiver: SyntaxNode };

/**
 * `layer`: `nn.Sigmoid()`, or `nn.Sigmoid` handed on as a class (then without a call). `function`: `torch.sigmoid(x)`, `F.tanh(x)`, or
 * a function handed on. `name` is the name as written there.
 */
export interface NamedSite {
  kind: 'layer' | 'function';
  path: string;
  call: SyntaxNode | null;
  name: SyntaxNode;
}

/** The site behind the activation constructed or called at `span`; null where the source does not show one plainly. */
export function findActivationSites(
  { span, op }: ActivationPlace,
  source: PythonSource,
  owner: SyntaxNode | null,
): ActivationSite[] {
  const call = source.callAt(span.range);
  const callee = call?.firstChild;
  if (!call || !callee) return [];
  const direct = siteOfName(callee, call, op, source);
  if (direct) return [direct];
  if (
    callee.name === 'MemberExpression' &&
    isReplaceableMethod(source.textOf(callee).split('.').at(-1)?.trim() ?? '', op)
  ) {
    const receiver = callee.firstChild;
    return receiver ? [{ kind: 'method', path: source.path, call, receiver }] : [];
  }
  return handedOn(callee, op, source, owner);
}

function siteOfName(name: SyntaxNode, call: SyntaxNode | null, op: OpName, source: PythonSource): NamedSite | null {
  if (name.name !== 'VariableName' && name.name !== 'MemberExpression') return null;
  const path = new ImportedNames(source, ['torch']).canonical(source.textOf(name));
  if (isReplaceableLayer(path, op)) return { kind: 'layer', path: source.path, call, name };
  return isReplaceableFunction(path, op) ? { kind: 'function', path: source.path, call, name } : null;
}

/**
 * Activations handed on as a class or function, for a layer made by `act()`. Those inside `owner` (the model's class) win, since others may belong
 * to other models. Only those that run the same op are taken.
 */
function handedOn(callee: SyntaxNode, op: OpName, source: PythonSource, owner: SyntaxNode | null): NamedSite[] {
  const name = lastName(callee, source);
  if (name === null) return [];
  const values = valuesOfName(name, source).flatMap(alternatives);
  const sites = values.flatMap((value) => siteOfName(value, null, op, source) ?? []);
  const own = owner ? sites.filter((site) => site.name.from >= owner.from && site.name.to <= owner.to) : [];
  return own.length > 0 ? own : sites;
}

/** What a swap wrote, as the file spells it: `nn.Sigmoid`, `nn.ReLU`. */
export interface Swap {
  from: string;
  to: string;
}

/** Writes the replacement into the edits; null where the site cannot take it. */
export function swapActivation(site: ActivationSite, activation: ActivationName, edits: FileEdits): Swap | null {
  const { source } = edits;
  const spelling = ACTIVATIONS[activation];
  switch (site.kind) {
    case 'layer': {
      const written = source.textOf(site.name);
      const name = edits.spell(`torch.nn.${spelling.layer}`, written);
      // Arguments of the old layer (Hardtanh's bounds) mean nothing to the new one.
      if (site.call) edits.replace(site.name.from, site.call.to, `${name}()`);
      else edits.replace(site.name.from, site.name.to, name);
      return { from: written, to: name };
    }
    case 'function': {
      const written = source.textOf(site.name);
      const path = edits.names.canonical(written) ?? '';
      const module = path.slice(0, path.lastIndexOf('.'));
      const target =
        module === 'torch' && spelling.torch !== null
          ? `torch.${spelling.torch}`
          : `torch.nn.functional.${spelling.functional}`;
      if (site.call) {
        const given = argumentsOf(site.call, source);
        if (given.positional.length !== 1 || given.keywords.size > 0) return null;
      }
      const name = edits.spell(target, written);
      edits.replace(site.name.from, site.name.to, name);
      return { from: written, to: name };
    }
    case 'method': {
      const from = source.text.slice(site.receiver.to, site.call.to).trim();
      if (spelling.method !== null) {
        edits.replace(site.receiver.to, site.call.to, `.${spelling.method}()`);
        return { from, to: `.${spelling.method}()` };
      }
      const name = edits.spell(`torch.nn.functional.${spelling.functional}`);
      edits.insert(site.call.from, `${name}(`);
      edits.replace(site.receiver.to, site.call.to, ')');
      return { from, to: name };
    }
  }
}
