import { assertAccessible, assertFits, openPanel, panelWidth, THEMES, view } from './panelSupport';
import { Workbench } from './workbench';

const file = 'sigmoid_stack.py';

suite('the looks of the gradient-flow panel', () => {
  for (const theme of THEMES) {
    test(`hold in ${theme}, narrow and wide`, async function () {
      this.timeout(300_000);
      const bench = await Workbench.open(file, {
        settings: {
          'workbench.colorTheme': theme,
          'workbench.sideBar.location': 'right',
          'editor.minimap.enabled': false,
        },
      });
      try {
        await bench.editor(file);
        await bench.page.keyboard.press('Control+b');
        await openPanel(bench);
        await bench.panel().locator('.remedy').first().waitFor({ timeout: 90_000 });
        await bench.panel().locator('.chip', { hasText: 'Show in chart' }).first().click();
        for (const width of [400, 1400]) {
          await panelWidth(bench, width);
          for (const name of ['Flow', 'Training', 'Graph', 'Table'] as const) {
            await view(bench, name);
            const what = `${name} ${width} px ${theme}`;
            await bench.page.waitForTimeout(200);
            await bench.screenshot(`looks ${what}`);
            await assertFits(bench, what);
            await assertAccessible(bench, what);
          }
          await view(bench, 'Flow');
          await bench.panel().locator('.row.flagged').nth(3).click();
          await bench.panel().locator('.detail .histogram').first().waitFor();
          await bench.page.waitForTimeout(200);
          await bench.screenshot(`looks layer ${width} px ${theme}`);
          await assertFits(bench, `the layer ${width} ${theme}`);
          await assertAccessible(bench, `the layer ${width} ${theme}`);
          await bench.panel().getByRole('button', { name: 'Close' }).click();
        }
      } finally {
        await bench.close();
      }
    });
  }
});
