/** The language of a file's text, as far as files of one kind may import each other. */
export type Family = 'python' | 'javascript' | 'json' | 'yaml';

interface Language {
  family: Family;
  /** Names of the files that its reader takes; others of the language are read as something else. */
  names: RegExp;
  mayHoldModel: (text: string) => boolean;
}

const pythonPackages = 'torch|torchvision|lightning|pytorch_lightning|keras|tensorflow|tf_keras';
const pythonImport = new RegExp(`^[ \\t]*(?:from|import)[ \\t][^#\\n]*\\b(?:${pythonPackages})\\b`, 'm');
/** An address counts as well: pages import the package from a CDN. */
const scriptImport = /\b(?:from|import|require)[ \t]*(?:\([ \t]*)?['"][^'"\n]{0,200}@tensorflow\/tfjs/;
/** Pages that load the library by a script tag know it as the global `tf`. */
const scriptGlobal = /\btf\.(?:sequential|model|layers)\b/;
const kerasModel = /"class_name"\s*:\s*"(?:Sequential|Functional|Model)"/;
const layerLists = /^["']?(?:backbone|head)["']?[ \t]*:/gm;
/** What follows the key of a list of rows `- [from, repeats, module, arguments]`. */
const firstRow = /^[ \t]*(?:#.*)?(?:\r?\n[ \t]*(?:#.*)?)*(?:-[ \t]*[[-]|\[[ \t\r\n]*\[)/;

const python: Language = {
  family: 'python',
  names: /(?<!\.ipynb)$/,
  mayHoldModel: (text) => pythonImport.test(text),
};
const script: Language = {
  family: 'javascript',
  names: /\.[cm]?[jt]sx?$/i,
  mayHoldModel: (text) => scriptImport.test(text) || scriptGlobal.test(text),
};
const json: Language = {
  family: 'json',
  names: /\.json$/i,
  mayHoldModel: (text) =>
    text.includes('"modelTopology"') ||
    kerasModel.test(text) ||
    (text.includes('"class_name"') && text.includes('"config"') && text.includes('"layers"')),
};
const yaml: Language = {
  family: 'yaml',
  names: /\.ya?ml$/i,
  mayHoldModel: (text) =>
    Array.from(text.matchAll(layerLists)).some(({ 0: key, index }) => firstRow.test(text.slice(index + key.length))),
};

/** By the editor's language id. One line for each language that is read. */
const table: Readonly<Record<string, Language>> = {
  python,
  javascript: script,
  javascriptreact: script,
  typescript: script,
  typescriptreact: script,
  json,
  // Read, but not waited for: the window itself opens settings as `jsonc` when it starts.
  jsonc: json,
  yaml,
};

/** Language ids of the files that are looked at. */
export const languages = Object.keys(table);

/** Which files the file may import texts of; null for files that no reader takes. */
export function familyOf(languageId: string, path: string): Family | null {
  const language = table[languageId];
  return language?.names.test(path) ? language.family : null;
}

/**
 * Whether a text may define a model: a scan for import lines and keys, cheap enough for every file that is opened. It only ever
 * spares work; the reader decides what is a model.
 */
export function mayHoldModel(languageId: string, text: string): boolean {
  return table[languageId]?.mayHoldModel(text) ?? false;
}
