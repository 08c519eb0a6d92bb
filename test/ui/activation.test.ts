import * as assert from 'node:assert/strict';
import { Workbench } from './workbench';

const file = 'sigmoid_stack.py';

suite('activation in the workbench', () => {
  test("takes less than 50 ms by the editor's own account", async () => {
    const bench = await Workbench.open(file);
    try {
      await bench.editor(file);
      await bench.command('Developer: Show Running Extensions');
      const row = bench.page.locator('.runtime-extensions-editor .extension', { hasText: 'Gradient Lens' });
      const text = await row.locator('.activation-time').innerText();
      console.log(`Gradient Lens, running extensions: ${text}`);
      const milliseconds = Number(/(\d+) ?ms/.exec(text)?.[1]);
      assert.ok(milliseconds < 50, text);
      await bench.screenshot('running-extensions');
    } finally {
      await bench.close();
    }
  });
});
