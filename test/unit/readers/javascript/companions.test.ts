import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectScripts, type ScriptLookup } from '../../../../src/readers/javascript/imports';

function workspace(files: Record<string, string>): ScriptLookup {
  return {
    exists: (file) => Promise.resolve(file in files),
    read: (file) => Promise.resolve(files[file] ?? null),
    list: (folder) =>
      Promise.resolve(
        Object.keys(files).flatMap((file) => (path.dirname(file) === folder ? [path.basename(file)] : [])),
      ),
  };
}

const MODEL = `import * as tf from '@tensorflow/tfjs';\nonmessage = (e) => tf.sequential();`;

describe('the files read with a model', () => {
  it.each([
    ['imports it', `import { build } from './model';`],
    ['starts it as a worker', `new Worker(new URL('./model.js', import.meta.url));`],
    ['starts it as a worker by its bare name', `new Worker("model.js");`],
    ['runs it as a script of a worker', `importScripts('/model.js');`],
  ])('are joined by a page that %s', async (_, text) => {
    const files = { 'src/model.js': MODEL, 'src/page.js': text, 'src/other.js': `new Worker('./else.js');` };
    const collected = await collectScripts({ path: 'src/model.js', text: MODEL }, workspace(files));
    expect(collected.map((file) => file.path)).toEqual(['src/model.js', 'src/page.js']);
  });
});
