import * as assert from 'node:assert/strict';
import * as path from 'node:path';
import { stage } from './stage';
import { Workbench } from './workbench';

const file = 'sigmoid_stack.py';

suite('a folder that is not trusted', () => {
  test('is diagnosed all the same, since nothing of it runs outside the seal', async () => {
    const scene = await stage().open({ trust: false });
    const bench = new Workbench(scene);
    try {
      await scene.goto(path.join(scene.folder, file));
      await scene.page.locator('#status\\.workspaceTrust, .statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
      const editor = await bench.editor(file);
      await editor.locator('.squiggly-warning').first().waitFor({ state: 'attached', timeout: 60_000 });
      assert.deepEqual(await bench.underlinedLines(editor), ['layers.append(nn.Linear(size, width))']);
      await bench.screenshot('restricted');
    } finally {
      await bench.close();
    }
  });
});
