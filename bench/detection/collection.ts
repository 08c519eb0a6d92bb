import * as fs from 'node:fs';
import * as path from 'node:path';

/** One program of the collection, as it was and as its authors mended it: the model files of each. */
export interface CollectedCase {
  /** Folder name: a question's number or a repository's name. */
  name: string;
  buggy: string[];
  fixed: string[];
}

/** Files that build no model of their own: a Keras callback of the collection's authors, loaders, downloads. */
const BUILDS_A_MODEL = /\b(?:keras|tensorflow|torch)\b/;

/**
 * The cases below the root of a copy of Wardat-ISU/DeepLocalize. A question holds its two versions itself (`NUMBER/Buggy Code`); repositories lie
 * in one folder a version (`Buggy Model/NAME`).
 *
 * @throws where the folder holds no such collection
 */
export function collectCases(root: string): CollectedCase[] {
  const base = path.join(root, 'Benchmark');
  const questions = folders(path.join(base, 'StackOverflow')).map((name) => {
    const own = path.join(base, 'StackOverflow', name);
    return { name, buggy: modelFiles(own, /^buggy/i), fixed: modelFiles(own, /^correct/i) };
  });
  const repositories = folders(path.join(base, 'GitHub', 'Buggy Model')).map((name) => ({
    name,
    buggy: modelFiles(path.join(base, 'GitHub', 'Buggy Model'), name),
    fixed: modelFiles(path.join(base, 'GitHub', 'Correct Model'), name),
  }));
  const cases = [...questions, ...repositories].filter(({ buggy }) => buggy.length > 0);
  if (cases.length === 0) throw new Error(`${base} holds no pairs of buggy and correct programs.`);
  return cases;
}

function folders(place: string): string[] {
  if (!fs.existsSync(place)) return [];
  return fs
    .readdirSync(place, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

function modelFiles(place: string, wanted: RegExp | string): string[] {
  return folders(place)
    .filter((name) => (typeof wanted === 'string' ? name === wanted : wanted.test(name)))
    .flatMap((name) =>
      fs
        .readdirSync(path.join(place, name), { recursive: true, encoding: 'utf8' })
        .map((file) => path.join(place, name, file)),
    )
    .filter((file) => file.endsWith('.py') && BUILDS_A_MODEL.test(fs.readFileSync(file, 'utf8')))
    .sort();
}
