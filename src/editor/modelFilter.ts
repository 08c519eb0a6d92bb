/** Packages whose import makes a file worth reading, by the editor's language id. One line for each language read. */
const packages: Readonly<Record<string, readonly string[]>> = {
  python: ['torch', 'torchvision', 'lightning', 'pytorch_lightning', 'keras', 'tensorflow', 'tf_keras'],
};

/** Language ids of the files that are looked at. */
export const languages = Object.keys(packages);

/**
 * Whether a text may define a model: a scan for import lines, cheap enough for every file that is opened. It only ever
 * spares work; the reader decides what is a model.
 */
export function mayHoldModel(languageId: string, text: string): boolean {
  const names = packages[languageId];
  if (names === undefined) return false;
  const imports = new RegExp(`^[ \\t]*(?:from|import)[ \\t][^#\\n]*\\b(?:${names.join('|')})\\b`, 'm');
  return imports.test(text);
}
