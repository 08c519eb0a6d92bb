import type { PageElement } from '../sandbox/page';

const LONGEST = 2 * 2 ** 20;
const TAG = /<(input|select|option|textarea)\b((?:[^>"']|"[^"]*"|'[^']*')*)>([^<]*)/gi;

/** Input fields of a page by their ids, with the values that they start with. */
export function elementsIn(html: string): Record<string, PageElement> {
  const found: Record<string, PageElement> = {};
  let select: string | null = null;
  for (const [, tag = '', attributes = '', text = ''] of html.slice(0, LONGEST).matchAll(TAG)) {
    const given = attributesIn(attributes);
    const id = given.get('id');
    if (tag.toLowerCase() === 'option') {
      if (select === null) continue;
      const value = given.get('value') ?? text.trim();
      const known = found[select] ?? {};
      const isChosen = known.value === undefined || given.has('selected');
      found[select] = { value: isChosen ? value : (known.value ?? value), options: [...(known.options ?? []), value] };
      continue;
    }
    select = tag.toLowerCase() === 'select' ? (id ?? null) : null;
    if (id === undefined) continue;
    found[id] = elementOf(tag.toLowerCase(), given, text);
  }
  return found;
}

function elementOf(tag: string, given: ReadonlyMap<string, string>, text: string): PageElement {
  if (tag === 'select') return {};
  const type = (given.get('type') ?? 'text').toLowerCase();
  if (type === 'checkbox' || type === 'radio')
    return { checked: given.has('checked'), value: given.get('value') ?? 'on' };
  const value = tag === 'textarea' ? text : given.get('value');
  return value === undefined ? {} : { value };
}

function attributesIn(text: string): Map<string, string> {
  const pairs = [...text.matchAll(/([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)];
  return new Map(
    pairs.map(([, name = '', double, single, bare]) => [name.toLowerCase(), double ?? single ?? bare ?? '']),
  );
}
