import type { Unknowns } from './unknowns';

/** What a page says about one of its elements. */
export interface PageElement {
  value?: string;
  checked?: boolean;
  /** Values of what can be selected, in order. */
  options?: string[];
}

/** The document of the page that lies beside the file: its input fields hold what they start with, all else is unknown. */
export function makeDocument(unknowns: Unknowns, elements: () => Readonly<Record<string, PageElement>>): unknown {
  const found = (id: unknown): unknown => {
    const table = elements();
    const own = typeof id === 'string' && Object.hasOwn(table, id) ? table[id] : undefined;
    const name = typeof id === 'string' ? `#${id}` : 'an element of the page';
    return unknowns.make({ name, known: knownOf(own, unknowns) });
  };
  const bySelector = (selector: unknown): unknown =>
    found(typeof selector === 'string' ? /#([\w-]+)$/.exec(selector)?.[1] : undefined);
  return unknowns.make({
    name: 'document',
    known: { getElementById: found, querySelector: bySelector },
  });
}

function knownOf(element: PageElement | undefined, unknowns: Unknowns): Record<string, unknown> {
  if (!element) return {};
  const { value, checked, options } = element;
  const choices = options?.map((option) => optionOf(option, unknowns));
  return {
    ...(choices === undefined || value === undefined
      ? {}
      : { options: choices, selectedIndex: Math.max(0, options?.indexOf(value) ?? 0) }),
    ...(value === undefined ? {} : { value, ...(isNumeric(value) ? { valueAsNumber: Number(value) } : {}) }),
    ...(checked === undefined ? {} : { checked }),
  };
}

const isNumeric = (text: string) => text.trim() !== '' && Number.isFinite(Number(text));

const optionOf = (value: string, unknowns: Unknowns): unknown =>
  unknowns.make({
    name: 'an option',
    known: { value, getAttribute: (name: unknown) => (name === 'value' ? value : unknowns.make()) },
  });
