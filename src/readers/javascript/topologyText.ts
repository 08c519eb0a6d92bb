import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import type { SourceSpan } from '../../graph/source';
import type { CallSite } from './source/callSites';

/** Path of the text that stands between the tracer and the reader of topologies. */
export const TOPOLOGY = 'topology.json';

interface Place {
  start: number;
  end: number;
  site: CallSite;
  options: { start: number; end: number; name: string }[];
}

/** A traced model as JSON text in one line, and the way back from places in it to the calls in the user's code. */
export class TopologyText {
  readonly text: string;
  readonly #places: Place[] = [];

  constructor(
    topology: unknown,
    private readonly sites: readonly CallSite[],
  ) {
    this.text = JSON.stringify({ modelTopology: topology });
    const root = parseTree(this.text);
    if (root) this.#visit(root);
  }

  /** The innermost call whose layer was written at a place of the text; for one of its options, the option's value. */
  origin(span: SourceSpan): SourceSpan | null {
    if (span.path !== TOPOLOGY) return span;
    const at = span.range.start.character;
    const inside = this.#places.filter(({ start, end }) => start <= at && at < end);
    const innermost = inside.reduce<Place | null>(
      (best, place) => (!best || place.start > best.start ? place : best),
      null,
    );
    if (!innermost) return null;
    const option = innermost.options.find(({ start, end }) => start <= at && at < end);
    return (option && innermost.site.options.get(camelCase(option.name))) ?? innermost.site.span;
  }

  #visit(node: Node): void {
    const site = node.type === 'object' ? findNodeAtLocation(node, ['__site']) : undefined;
    const call = typeof site?.value === 'number' ? this.sites[site.value] : undefined;
    if (call) {
      const config = findNodeAtLocation(node, ['config']);
      const options = (config?.type === 'object' ? (config.children ?? []) : []).flatMap(({ children }) => {
        const [name, value] = children ?? [];
        if (typeof name?.value !== 'string' || !value) return [];
        return [{ name: name.value, start: value.offset, end: value.offset + value.length }];
      });
      this.#places.push({ start: node.offset, end: node.offset + node.length, site: call, options });
    }
    for (const child of node.children ?? []) this.#visit(child);
  }
}

const camelCase = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
