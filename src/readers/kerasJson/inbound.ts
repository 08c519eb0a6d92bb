/** Output `tensor` of call `node` of a layer. */
export interface Reference {
  layer: string;
  node: number;
  tensor: number;
}

/** One call of a layer in a functional model: what stands in place order, and what is named. */
export interface InboundCall {
  arguments: (Reference | number)[];
  /** The same with its lists, and with what is neither. */
  raw: unknown[];
  named: Record<string, unknown>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `["name", 0, 0]`, perhaps followed by named arguments. */
function listReference(value: unknown): Reference | null {
  if (!Array.isArray(value)) return null;
  const [layer, node, tensor] = value as unknown[];
  return typeof layer === 'string' && typeof node === 'number' && typeof tensor === 'number'
    ? { layer, node, tensor }
    : null;
}

/** `{"class_name": "__keras_tensor__", "config": {"keras_history": [...]}}` of Keras 3. */
function kerasTensor(value: unknown): Reference | null {
  if (!isRecord(value) || value['class_name'] !== '__keras_tensor__' || !isRecord(value['config'])) return null;
  return listReference(value['config']['keras_history']);
}

const referenceOf = (value: unknown) => listReference(value) ?? kerasTensor(value);

export const isReference = (value: unknown): value is Reference =>
  isRecord(value) && typeof value['layer'] === 'string' && typeof value['tensor'] === 'number';

/** All references inside lists and dicts, in order: the inputs or outputs of a model. */
export function collectReferences(value: unknown): Reference[] {
  const reference = referenceOf(value);
  if (reference) return [reference];
  if (Array.isArray(value)) return value.flatMap(collectReferences);
  return isRecord(value) ? Object.values(value).flatMap(collectReferences) : [];
}

/** References of named arguments in place of their serialised form; lists of them stay lists. */
function resolved(value: unknown): unknown {
  const reference = referenceOf(value);
  if (reference) return reference;
  return Array.isArray(value) ? value.map(resolved) : value;
}

const namedOf = (value: unknown): Record<string, unknown> =>
  isRecord(value) ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, resolved(item)])) : {};

/** Numbers and references in place order, lists flattened. */
function positional(value: unknown): (Reference | number)[] {
  const reference = referenceOf(value);
  if (reference) return [reference];
  if (typeof value === 'number') return [value];
  return Array.isArray(value) ? value.flatMap(positional) : [];
}

/** `inbound_nodes` in the style of Keras 3 (`{args, kwargs}`) or of Keras 2 and TF.js (nested lists). */
export function inboundCalls(value: unknown): InboundCall[] {
  if (!Array.isArray(value)) return [];
  return value.map((call: unknown): InboundCall => {
    if (isRecord(call)) {
      const raw = resolved(call['args']);
      return {
        arguments: positional(call['args']),
        raw: Array.isArray(raw) && !isReference(raw) ? (raw as unknown[]) : [raw],
        named: namedOf(call['kwargs']),
      };
    }
    // A call with one tensor may stand without its list.
    const entries: unknown[] = listReference(call) ? [call] : Array.isArray(call) ? call : [];
    const references = entries.flatMap((entry) => listReference(entry) ?? []);
    const [first] = entries;
    return { arguments: references, raw: references, named: namedOf(Array.isArray(first) ? first[3] : null) };
  });
}
