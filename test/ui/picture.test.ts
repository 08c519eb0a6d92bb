import * as assert from 'node:assert/strict';
import { Workbench } from './workbench';

const file = 'sigmoid_stack.py';

suite("the readme's picture", () => {
  test('shows squiggle, fix and gradient flow together, in a dark theme', async () => {
    const bench = await Workbench.open(file, {
      settings: {
        'workbench.colorTheme': 'Default Dark Modern',
        'editor.minimap.enabled': false,
        'breadcrumbs.enabled': false,
      },
    });
    try {
      await bench.page.setViewportSize({ width: 1360, height: 780 });
      const editor = await bench.editor(file);
      await bench.page.keyboard.press('Control+b');
      await bench.page.locator('.sidebar').waitFor({ state: 'hidden' });
      await editor.locator('.squiggly-warning').first().waitFor({ state: 'attached', timeout: 60_000 });
      await bench.command('Gradient Lens: Show Gradient Flow');
      await bench.panel().locator('.row.flagged').first().waitFor();
      const line =
        bench
          .fileText(file)
          .split('\n')
          .findIndex((text) => text.includes('nn.Linear(size, width)')) + 1;
      await editor.locator('.view-line', { hasText: 'nn.Linear(size' }).click();
      await bench.goTo(line, 34);
      const fix = bench.page.locator('.action-widget .monaco-list-row', { hasText: /healthy on \d+ seeds?\)/ });
      await bench.pressUntil('Control+.', fix.first());
      assert.ok((await bench.panel().locator('.row.flagged').count()) > 10);
      await bench.screenshot('workbench');
    } finally {
      await bench.close();
    }
  });
});
