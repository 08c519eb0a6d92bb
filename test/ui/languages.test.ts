import * as assert from 'node:assert/strict';
import * as path from 'node:path';
import { Workbench } from './workbench';

/** The models of the host suite, one a language, and what of each is underlined first. */
const files: [file: string, underlined: string][] = [
  ['sigmoid_layers.ts', 'model.add(tf.layers.dense({ units: 24'],
  ['sigmoid_keras.json', '"class_name": "Dense"'],
  ['sigmoid_rows.yaml', '- [-1, 1, Conv, [16, 3, 2]]'],
  ['sigmoid_keras.py', 'model.add(layers.Dense(24'],
];

suite('every language in the workbench', () => {
  for (const theme of ['Default Dark Modern', 'Default Light Modern', 'Default High Contrast']) {
    test(`is underlined and charted in ${theme}`, async () => {
      const bench = await Workbench.open('sigmoid_rows.yaml', {
        files: [path.join(__dirname, '..', '..', '..', 'test', 'host', 'workspace')],
        settings: { 'workbench.colorTheme': theme, 'editor.minimap.enabled': false, 'gradientLens.proveFixes': false },
      });
      try {
        for (const [file, underlined] of files) {
          await bench.scene.goto(path.join(bench.scene.folder, file));
          const editor = await bench.editor(file);
          await editor.locator('.squiggly-warning').first().waitFor({ state: 'attached', timeout: 90_000 });
          const lines = await bench.underlinedLines(editor);
          assert.ok(lines[0]?.startsWith(underlined), lines.join('\n'));
          await bench.command('Gradient Lens: Show Gradient Flow');
          await bench.panel().locator('.row.flagged').first().waitFor();
          await bench.screenshot(`${file} ${theme}`);
          await bench.command('View: Close All Editors');
        }
      } finally {
        await bench.close();
      }
    });
  }
});
