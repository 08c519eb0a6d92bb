import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Definition, SourceText } from './definition';
import { countJavascriptDefinitions } from './javascriptDefinitions';
import { countKerasDefinitions } from './kerasDefinitions';
import { notebookText } from './notebookText';
import { countTorchDefinitions } from './torchDefinitions';
import { countYamlDefinitions } from './yamlDefinitions';

export const KINDS = ['python', 'notebook', 'javascript', 'yaml'] as const;
export type Kind = (typeof KINDS)[number];

const ENDS: Record<Kind, RegExp> = {
  python: /\.py$/,
  notebook: /\.ipynb$/,
  javascript: /(?<!\.d)\.[cm]?[jt]sx?$/,
  yaml: /\.ya?ml$/,
};

/** A file that is read, and the definitions that reading it should find. */
export interface Scanned extends SourceText {
  kind: Kind;
  definitions: Definition[];
  /** For a notebook, the first line of each cell in the text that was scanned. */
  first: ReadonlyMap<number, number> | null;
}

/** Finds the files of these kinds in a folder and counts their definitions; Python files are counted together, as they share parts. */
export function scan(folder: string, kinds: readonly Kind[]): Scanned[] {
  const files = filesOf(folder).flatMap((inside) => {
    const kind = kinds.find((candidate) => ENDS[candidate].test(inside));
    if (kind === undefined) return [];
    return [{ kind, path: inside, text: fs.readFileSync(path.join(folder, inside), 'utf8') }];
  });
  const torch = countTorchDefinitions(files.filter(({ kind }) => kind === 'python'));
  return files.map((file) => {
    switch (file.kind) {
      case 'python': {
        const own = torch.filter((definition) => definition.path === file.path);
        return { ...file, definitions: [...own, ...countKerasDefinitions(file)], first: null };
      }
      case 'notebook': {
        const { text, first } = notebookText(file.text);
        const source = { path: file.path, text };
        return { ...file, definitions: [...countTorchDefinitions([source]), ...countKerasDefinitions(source)], first };
      }
      case 'javascript':
        return { ...file, definitions: countJavascriptDefinitions(file), first: null };
      case 'yaml':
        return { ...file, definitions: countYamlDefinitions(file), first: null };
    }
  });
}

function filesOf(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes(`${path.sep}node_modules`))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}
