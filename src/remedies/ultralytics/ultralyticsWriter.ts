import { isNode, isScalar, isSeq } from 'yaml';
import type { OpName } from '../../graph/ops';
import type { TextEdit } from '../../report/report';
import { everywhere } from '../everywhere';
import type { ActivationName, Change } from '../idea';
import type { RemedyScope } from '../scope';
import { ACTIVATIONS, isReplaceableLayer } from '../torch/activations';
import { quoted, type Writer } from '../writer';
import { Configuration, stringOf, type YamlRow } from './configuration';

/** Writes changes into the rows of an Ultralytics configuration. Initialisers cannot be said there. */
export class UltralyticsWriter implements Writer {
  readonly #configurations = new Map<string, Configuration>();

  constructor(private readonly scope: RemedyScope) {}

  write(change: Change): string | null {
    const configurationOf = (path: string) => this.#configurationOf(path);
    switch (change.kind) {
      case 'activation': {
        const made = everywhere(change.places, configurationOf, ({ span, op }, configuration) => {
          const row = configuration.rowAt(span);
          return row ? swap(row, op, change.to, configuration) : [];
        });
        return made && `Replace ${quoted(made.map(({ from }) => from))} by ${quoted(made.map(({ to }) => to))}`;
      }
      case 'normalise': {
        const made = everywhere(change.places, configurationOf, ({ span, op }, configuration) => {
          const row = configuration.rowAt(span);
          return row && isActivation(row, op) ? [{ row, configuration }] : [];
        });
        if (!made) return null;
        addNorms(made);
        return `Put \`nn.BatchNorm2d\` before ${quoted(change.places.map(({ name }) => name))}`;
      }
      default:
        return null;
    }
  }

  finish(): TextEdit[] {
    return [...this.#configurations.values()].flatMap(({ edits }) => edits.finish());
  }

  #configurationOf(path: string): Configuration | null {
    const file = this.scope.files.find((candidate) => candidate.path === path);
    if (!file) return null;
    const configuration = this.#configurations.get(path) ?? new Configuration(path, file.text);
    this.#configurations.set(path, configuration);
    return configuration;
  }
}

/** A row `nn.Sigmoid`, or for the rows that hold an activation of their own the setting `activation:` of the file. */
function swap(
  { node }: YamlRow,
  op: OpName,
  name: ActivationName,
  configuration: Configuration,
): { from: string; to: string }[] {
  const [, , module, given] = node.items;
  const to = `nn.${ACTIVATIONS[name].layer}`;
  const from = stringOf(module) ?? '';
  if (isReplaceableLayer(torchPath(from), op) && isScalar(module)) {
    configuration.replace(module, to);
    // Arguments of the old activation (bounds) mean nothing to the new one.
    if (isSeq(given) && given.items.length > 0)
      configuration.edits.replace(given.range?.[0] ?? 0, given.range?.[1] ?? 0, '[]');
    return [{ from, to }];
  }
  const setting = configuration.setting('activation');
  const call = /^\s*((?:torch\.)?nn\.\w+)\s*\(.*\)\s*$/.exec(stringOf(setting) ?? '')?.[1];
  if (!setting || call === undefined || !isReplaceableLayer(torchPath(call), op)) return [];
  configuration.replace(setting, `${to}()`);
  return [{ from: call, to }];
}

const torchPath = (name: string) => (name.startsWith('nn.') ? `torch.${name}` : name);

function isActivation({ node }: YamlRow, op: OpName): boolean {
  const path = torchPath(stringOf(node.items[2]) ?? '');
  return isReplaceableLayer(path, op) || Object.values(ACTIVATIONS).some(({ layer }) => path === `torch.nn.${layer}`);
}

/** Rows of their own in front of the activations; rows that are named by number are counted on. */
function addNorms(places: readonly { row: YamlRow; configuration: Configuration }[]): void {
  const [first] = places;
  if (!first) return;
  const { configuration } = first;
  const before = new Set(places.map(({ row }) => row.index));
  const counted = (index: number) => index + [...before].filter((place) => place <= index).length;
  for (const { row } of places) {
    const [start = 0] = row.node.range ?? [];
    const line = /(?:^|\n)([ \t]*-[ \t]*)$/.exec(configuration.text.slice(0, start))?.[1];
    const newline = configuration.text.includes('\r\n') ? '\r\n' : '\n';
    const gap = line === undefined ? ', ' : `${newline}${line}`;
    configuration.edits.insert(start, `[-1, 1, nn.BatchNorm2d, []]${gap}`);
  }
  for (const { node } of configuration.rows) {
    const [from] = node.items;
    const sources = isSeq(from) ? from.items : [from];
    for (const source of sources) {
      if (!isNode(source) || !isScalar(source) || typeof source.value !== 'number' || source.value < 0) continue;
      const now = counted(source.value);
      if (now !== source.value) configuration.replace(source, String(now));
    }
  }
}
