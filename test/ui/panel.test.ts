import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Workbench } from './workbench';

/** A tower of so many layers with names long enough to be cut. */
function tower(layers: number): string {
  return `import torch.nn as nn


class Tower(nn.Module):
    def __init__(self, depth=${layers}, width=8):
        super().__init__()
        self.a_stack_with_a_long_name = nn.Sequential(*[nn.Sequential(nn.Linear(width, width), nn.Tanh()) for _ in range(depth)])
        self.head = nn.Linear(width, 3)

    def forward(self, x):
        return self.head(self.a_stack_with_a_long_name(x))


model = Tower()
`;
}

/** Themes by the name that settings know them by. */
const THEMES = ['Default Light Modern', 'Default High Contrast', 'Default High Contrast Light'];

suite('the gradient-flow panel', () => {
  for (const [theme, layers, width] of [
    [THEMES[0], 5, 1400],
    [THEMES[1], 500, 1400],
    [THEMES[2], 5, 800],
  ] as const) {
    test(`fits ${layers} layers into ${width} pixels in ${theme}`, async () => {
      const bench = await Workbench.open('sigmoid_stack.py', {
        settings: { 'workbench.colorTheme': theme, 'editor.minimap.enabled': false, 'gradientLens.proveFixes': false },
      });
      try {
        await bench.page.setViewportSize({ width, height: 900 });
        fs.writeFileSync(path.join(bench.scene.folder, 'tower.py'), tower(layers));
        await bench.editor('sigmoid_stack.py');
        await bench.scene.goto(path.join(bench.scene.folder, 'tower.py'));
        await bench.editor('tower.py');
        await bench.command('Gradient Lens: Show Gradient Flow');
        const panel = bench.panel();
        await panel.locator('.row').first().waitFor({ timeout: 90_000 });
        await bench.screenshot(`panel ${layers} layers ${width} px ${theme}`);
        // Of a long stack only stretches are seen at first, never all rows.
        const rows = await panel.locator('.row').count();
        assert.ok(rows >= Math.min(layers, 16) && rows <= 70, `${rows} rows`);
        // Nothing sticks out sideways, and labels of the axis do not touch.
        const [scroll, client] = await panel
          .locator('html')
          .evaluate((html): [number, number] => [html.scrollWidth, html.clientWidth]);
        assert.ok(scroll <= client, `${scroll} pixels of content in ${client}`);
        const boxes = await panel
          .locator('.tick')
          .evaluateAll((ticks) => ticks.map((tick) => tick.getBoundingClientRect().toJSON() as DOMRect));
        const sorted = boxes.sort((a, b) => a.left - b.left);
        for (const [i, box] of sorted.entries())
          assert.ok(i === 0 || box.left >= (sorted[i - 1]?.right ?? 0), 'axis labels touch');
        // The table has every layer: a linear one and its activation each, and the head.
        await panel.getByRole('tab', { name: 'Table' }).click();
        assert.equal(await panel.locator('tbody tr').count(), 2 * layers + 1);
      } finally {
        await bench.close();
      }
    });
  }
});
