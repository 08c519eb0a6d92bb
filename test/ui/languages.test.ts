import * as assert from 'node:assert/strict';
import * as path from 'node:path';
import { Workbench } from './workbench';

/** The models of the host suite, one a language: what of each is underlined first, and the theme that it is looked at in. */
const files: [file: string, underlined: string, theme: string][] = [
  ['sigmoid_layers.ts', 'model.add(tf.layers.dense({ units: 24', 'Default Dark Modern'],
  ['sigmoid_keras.json', '"class_name": "Dense"', 'Default High Contrast'],
  ['sigmoid_rows.yaml', '- [-1, 1, Conv, [16, 3, 2]]', 'Default Light Modern'],
  ['sigmoid_keras.py', 'model.add(layers.Dense(24', 'Default High Contrast Light'],
];

suite('every language in the workbench', () => {
  for (const [file, underlined, theme] of files) {
    test(`${file} is underlined and charted in ${theme}`, async () => {
      const bench = await Workbench.open(file, {
        files: [path.join(process.cwd(), 'test', 'host', 'workspace')],
        settings: { 'workbench.colorTheme': theme, 'editor.minimap.enabled': false, 'gradientLens.proveFixes': false },
      });
      try {
        const editor = await bench.editor(file);
        await editor.locator('.squiggly-warning').first().waitFor({ state: 'attached', timeout: 90_000 });
        const lines = await bench.underlinedLines(editor);
        assert.ok(lines[0]?.startsWith(underlined), lines.join('\n'));
        await bench.command('Gradient Lens: Show Gradient Flow');
        await bench.panel().locator('.row.flagged').first().waitFor();
        await bench.screenshot(`${file} ${theme}`);
      } finally {
        await bench.close();
      }
    });
  }

  test('a guess is three dots at the definition, with what was assumed in the hover', async () => {
    const bench = await Workbench.open('guessed_pictures.yaml', {
      files: [path.join(process.cwd(), 'test', 'host', 'workspace')],
      settings: { 'workbench.colorTheme': 'Default Dark Modern' },
    });
    try {
      const editor = await bench.editor('guessed_pictures.yaml');
      const dots = editor.locator('.squiggly-hint');
      await dots.first().waitFor({ state: 'attached', timeout: 90_000 });
      await bench.screenshot('guess');
      await editor.locator('.view-line', { hasText: 'Conv' }).click();
      await bench.goTo(3, 8);
      const hover = bench.page.locator('.monaco-hover', { hasText: 'was read with a guess' });
      await bench.pressUntil('Control+k Control+i', hover.first());
      await bench.screenshot('guess hover');
      await bench.page.keyboard.press('Escape');
      await bench.command('Gradient Lens: Show Gradient Flow');
      await bench.panel().locator('.guess').first().waitFor();
      await bench.screenshot('guess panel');
      assert.equal(await editor.locator('.squiggly-warning, .squiggly-info').count(), 0);
    } finally {
      await bench.close();
    }
  });
});
