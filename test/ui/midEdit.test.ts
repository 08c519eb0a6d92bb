import * as assert from 'node:assert/strict';
import { Workbench } from './workbench';

const file = 'sigmoid_stack.py';

suite('a save in the middle of an edit', () => {
  test('leaves what was found at its place, said to be outdated in editor and panel', async () => {
    const bench = await Workbench.open(file, {
      settings: { 'workbench.colorTheme': 'Default Light Modern', 'editor.minimap.enabled': false },
    });
    try {
      const editor = await bench.editor(file);
      await editor.locator('.squiggly-warning').first().waitFor({ state: 'attached', timeout: 60_000 });
      await bench.command('Gradient Lens: Show Gradient Flow');
      await bench.panel().locator('.row.flagged').first().waitFor();
      await editor.locator('.view-line', { hasText: 'class SigmoidStack' }).click();
      await bench.page.keyboard.press('Home');
      await bench.page.keyboard.press('Enter');
      await editor.locator('.view-line', { hasText: 'def forward' }).click();
      await bench.page.keyboard.press('End');
      await bench.page.keyboard.press('Backspace');
      await bench.page.keyboard.press('Control+s');
      await bench
        .panel()
        .locator('.state', { hasText: /Outdated: line \d+ does not parse\./ })
        .waitFor();
      assert.equal(await editor.locator('.squiggly-warning').count(), 0);
      const lines = await bench.underlinedLines(editor);
      assert.ok(lines.includes('layers.append(nn.Linear(size, width))'), lines.join('\n'));
      await bench.screenshot('outdated');
      await editor.locator('.view-line', { hasText: 'def forward' }).click();
      await bench.page.keyboard.press('End');
      await bench.page.keyboard.type(':');
      await bench.page.keyboard.press('Control+s');
      await editor.locator('.squiggly-warning').first().waitFor({ state: 'attached', timeout: 60_000 });
      await bench.panel().locator('main:not(.outdated)').waitFor();
    } finally {
      await bench.close();
    }
  });
});
