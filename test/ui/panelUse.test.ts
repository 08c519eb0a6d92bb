import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { assertAccessible, assertFits, openPanel, view } from './panelSupport';
import { Workbench } from './workbench';

const file = 'sigmoid_stack.py';
const layer = 'layers.append(nn.Linear(size, width))';
const settings = {
  'workbench.colorTheme': 'Default Dark Modern',
  'editor.minimap.enabled': false,
  'files.simpleDialog.enable': true,
};

/** Opens a file of these lines in a workbench of its own. */
async function withFile(name: string, text: string, use: (bench: Workbench) => Promise<void>): Promise<void> {
  const bench = await Workbench.open(file, { settings: { ...settings, 'gradientLens.proveFixes': false } });
  try {
    fs.writeFileSync(path.join(bench.scene.folder, name), text);
    await bench.editor(file);
    await bench.scene.goto(path.join(bench.scene.folder, name));
    await bench.editor(name);
    await openPanel(bench);
    await use(bench);
  } catch (error) {
    await bench.screenshot(`failed ${name}`);
    throw error;
  } finally {
    await bench.close();
  }
}

suite('the gradient-flow panel in use', () => {
  let bench: Workbench;
  suiteSetup(async () => {
    bench = await Workbench.open(file, { settings });
    const editor = await bench.editor(file);
    await editor.locator('.squiggly-warning').first().waitFor({ state: 'attached', timeout: 60_000 });
    await openPanel(bench);
    await bench.panel().locator('.remedy').first().waitFor({ timeout: 90_000 });
  });
  suiteTeardown(() => bench.close());
  teardown(async function () {
    if (this.currentTest?.state === 'failed') await bench.screenshot(`failed ${this.currentTest.title}`);
  });
  const lineOf = (text: string) =>
    bench
      .fileText(file)
      .split('\n')
      .findIndex((line) => line.includes(text)) + 1;

  test('marks flagged layers by shape, draws limit, yardstick and band, and the flow narrows towards the input', async () => {
    const panel = bench.panel();
    assert.ok((await panel.locator('.sheet .mark.flagged').count()) > 5);
    assert.equal(await panel.locator('.reference-label').count(), 2);
    const widths = await panel
      .locator('.ribbon-flow')
      .evaluateAll((paths) => paths.map((each) => (each as unknown as SVGGraphicsElement).getBBox().width));
    assert.ok(widths.length > 5 && (widths[0] ?? 0) < (widths.at(-1) ?? 0) / 1.5, widths.join(' '));
    assert.notEqual(await panel.locator('.band').getAttribute('d'), '');
  });

  test('folds and unfolds by key, and the chosen row comes into view', async () => {
    const panel = bench.panel();
    const tree = panel.getByRole('tree');
    await tree.focus();
    await tree.press('Home');
    await tree.press('ArrowLeft');
    await bench.until('the folded group', async () => (await panel.locator('.row').count()) < 5);
    assert.equal(await panel.locator('.row.group').first().getAttribute('aria-expanded'), 'false');
    await tree.press('ArrowRight');
    await bench.until('the open group', async () => (await panel.locator('.row').count()) > 15);
    await tree.press('End');
    const box = await panel.locator('.row.chosen').boundingBox();
    const frame = await panel.locator('.scroller').boundingBox();
    assert.ok(box && frame && box.y + box.height <= frame.y + frame.height + 1);
  });

  test('a brush over the strip of all layers zooms, a click beside it moves', async () => {
    const panel = bench.panel();
    const height = () =>
      panel
        .locator('.row')
        .first()
        .evaluate((row) => row.getBoundingClientRect().height);
    const before = await height();
    await panel.getByRole('tree').focus();
    await panel.getByRole('tree').press('0');
    await bench.until('all rows at once', async () => (await height()) < before);
    const strip = await panel.locator('.overview').boundingBox();
    assert.ok(strip);
    const middle = strip.x + strip.width / 2;
    await bench.page.mouse.move(middle, strip.y + strip.height * 0.2);
    await bench.page.mouse.down();
    await bench.page.mouse.move(middle, strip.y + strip.height * 0.6, { steps: 4 });
    await bench.page.mouse.up();
    await bench.until('larger rows', async () => (await height()) > before * 0.9);
  });

  test('a chosen layer shows its histograms and is selected in the editor, the focus staying', async () => {
    const panel = bench.panel();
    await panel.locator('.row.flagged').nth(2).click();
    await panel.locator('.detail .histogram').nth(1).waitFor();
    await bench.page.locator('.monaco-editor .selected-text').first().waitFor();
    await bench.screenshot('panel layer');
  });

  test('the cursor in the editor chooses the layer of its line', async () => {
    const editor = await bench.editor(file);
    await editor.locator('.view-line', { hasText: 'self.head' }).first().click();
    await bench.panel().locator('.row.chosen[aria-label^="head.weight"]').waitFor();
    await editor.locator('.view-line', { hasText: 'nn.Linear(size' }).click();
    await bench.panel().locator('.row.chosen.flagged.at-cursor').waitFor();
    await bench.goTo(lineOf(layer), 20);
  });

  test('goes through the steps of training by hand', async () => {
    const panel = bench.panel();
    await view(bench, 'Training');
    await panel.locator('.heat').waitFor();
    const slider = panel.getByRole('slider', { name: 'Step of training' });
    await slider.focus();
    await slider.press('Home');
    await panel.locator('.scrubber', { hasText: /step 0, loss/ }).waitFor();
    await view(bench, 'Flow');
    await panel.getByRole('button', { name: 'Late steps' }).click();
    await panel.locator('.scrubber', { hasText: 'late steps' }).waitFor();
  });

  test('lays the curve of a fix over the chart, and previews it in the diff view', async () => {
    const panel = bench.panel();
    await panel.locator('.chip', { hasText: 'Show in chart' }).first().click();
    await panel.locator('.overlay.remedy').waitFor();
    assert.match(await panel.locator('.remedy.shown').innerText(), /gradient × [\d.]+ × 10/);
    await panel.locator('.remedy.shown vscode-button', { hasText: 'Preview' }).click();
    await bench.page.locator('.monaco-diff-editor').waitFor();
    await bench.page.locator('.monaco-diff-editor .line-insert').first().waitFor();
    await bench.screenshot('panel preview');
    assert.ok(bench.fileText(file).includes('nn.Sigmoid()'));
    await bench.page.locator('.tab', { hasText: file }).filter({ hasNotText: 'Replace' }).first().click();
    await bench.page.locator('.monaco-diff-editor').waitFor({ state: 'hidden' });
    await bench.editor(file);
  });

  test('saves the picture and the figures', async () => {
    for (const kind of ['SVG', 'PNG', 'CSV', 'JSON'] as const) {
      await bench.panel().locator('.menu summary').click();
      await bench.panel().locator('.menu button', { hasText: kind }).click();
      const input = bench.page.locator('.quick-input-widget input.input');
      await input.waitFor();
      await bench.page.waitForTimeout(300);
      await bench.page.keyboard.press('Enter');
      const target = path.join(bench.scene.folder, `sigmoid_stack-gradients.${kind.toLowerCase()}`);
      await bench.until(target, () => fs.existsSync(target) && fs.statSync(target).size > 1000);
      const bytes = fs.readFileSync(target);
      if (kind === 'PNG') assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
      if (kind === 'SVG') assert.match(bytes.toString(), /<svg[^>]+>[\s\S]+0\.weight/);
      if (kind === 'CSV')
        assert.match(bytes.toString(), /^layer,kind,.+\r\nbody\.0\.weight,Linear,32 × 20,17,vanishing,/);
      if (kind === 'JSON') assert.ok((JSON.parse(bytes.toString()) as { flow?: object }).flow);
    }
  });

  test('after a fix the diagnosis before is a ghost curve', async () => {
    const editor = await bench.editor(file);
    await bench.panel().locator('.remedy vscode-button', { hasText: 'Apply' }).first().click();
    await bench.until('the edit', async () => !(await editor.innerText()).includes('nn.Sigmoid()'));
    await editor.locator('.view-line', { hasText: 'class SigmoidStack' }).click();
    await bench.page.keyboard.press('Control+s');
    await bench.panel().locator('.verdict.healthy').waitFor();
    await bench.panel().locator('.overlay.previous .overlay-line').waitFor({ state: 'attached' });
    assert.notEqual(await bench.panel().locator('.overlay.previous .overlay-dots').getAttribute('d'), '');
    await bench.screenshot('panel ghost');
    await assertAccessible(bench, 'with a ghost');
  });

  test('comes back after a reload of the window', async () => {
    // The address names a file to open, and a workbench that is given files does not bring back what was open before. A browser's
    // window stores that once it loses the focus.
    await bench.page.evaluate(`document.hasFocus = () => false; window.dispatchEvent(new Event('blur'))`);
    await bench.page.waitForTimeout(2_000);
    await bench.scene.goto();
    await bench.panel().locator('h1', { hasText: 'SigmoidStack' }).waitFor({ timeout: 60_000 });
    await bench.panel().locator('.row').first().waitFor();
    await bench.screenshot('panel reloaded');
  });

  test('goes with the active model file, which has an icon in its title, unless it is told to stay', async () => {
    const open = async (name: string) => {
      await bench.page.locator('.tab', { hasText: file }).first().click();
      await bench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).dblclick();
      await bench.editor(name);
    };
    await open('relu_tower.py');
    await bench.panel().locator('h1', { hasText: 'Tower' }).waitFor({ timeout: 90_000 });
    await bench.page.locator('.editor-actions [aria-label*="Show Gradient Flow"]').first().waitFor();
    await bench.panel().getByRole('button', { name: 'Stay with this file' }).click();
    await bench.page.locator('.tab', { hasText: file }).first().click();
    await bench.page.waitForTimeout(500);
    assert.match(await bench.panel().locator('h1').innerText(), /Tower/);
  });
});

suite('the gradient-flow panel on other models', () => {
  test('shows how far back the gradient of a recurrent layer reaches', () =>
    withFile(
      'rnn.py',
      `import torch
import torch.nn as nn


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(8, 16, batch_first=True)
        self.head = nn.Linear(16, 2)

    def forward(self, x):
        out, _ = self.rnn(x)
        return self.head(out[:, -1])


model = Tagger()
model(torch.randn(4, 60, 8))
`,
      async (bench) => {
        const curve = bench.panel().locator('.time-curve');
        await curve.locator('.horizon').waitFor({ state: 'attached' });
        assert.match(await curve.innerText(), /memory horizon \d+/);
        await curve.scrollIntoViewIfNeeded();
        await bench.screenshot('panel time');
        await assertAccessible(bench, 'through time');
      },
    ));

  test('draws the branches of a residual net', () =>
    withFile(
      'residual.py',
      `import torch
import torch.nn as nn


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.a = nn.Linear(width, width)
        self.b = nn.Linear(width, width)

    def forward(self, x):
        return x + self.b(torch.relu(self.a(x)))


model = nn.Sequential(*[Block(16) for _ in range(4)], nn.Linear(16, 3))
model(torch.randn(4, 16))
`,
      async (bench) => {
        await view(bench, 'Graph');
        await bench.panel().locator('.node.merge').nth(3).waitFor();
        await bench.screenshot('panel graph');
        await bench.panel().getByRole('button', { name: 'Fold all', exact: true }).click();
        await bench.panel().locator('.node.group').nth(3).waitFor();
        assert.equal(await bench.panel().locator('.node.merge').count(), 0);
      },
    ));

  test('shows hostile names as text', () =>
    withFile(
      'hostile.py',
      `import torch
import torch.nn as nn


class Hostile(nn.Module):
    def __init__(self):
        super().__init__()
        self.add_module('<img src=x onerror=alert(1)>"\\'&amp;\\x07\\u202e', nn.Linear(8, 8))
        self.add_module('x' * 10000, nn.Linear(8, 8))
        self.register_parameter('</svg><script>alert(2)</script>', nn.Parameter(torch.randn(8, 8)))

    def forward(self, x):
        for layer in self.children():
            x = torch.tanh(layer(x))
        return x @ getattr(self, '</svg><script>alert(2)</script>')


model = Hostile()
model(torch.randn(4, 8))
`,
      async (bench) => {
        const panel = bench.panel();
        await panel.locator('.row', { hasText: '<img src=x' }).first().waitFor();
        assert.equal(await panel.locator('img, main script').count(), 0);
        await assertFits(bench, 'hostile names');
        for (const name of ['Graph', 'Table', 'Training', 'Flow'] as const) {
          await view(bench, name);
          await bench.page.waitForTimeout(150);
          await bench.screenshot(`panel hostile ${name}`);
          if (name !== 'Table') await assertFits(bench, `hostile names in ${name}`);
          assert.equal(await panel.locator('img, main script').count(), 0);
        }
        await panel.locator('.row').nth(1).click();
        await panel.locator('.detail').waitFor();
        await assertFits(bench, 'the detail of a hostile name');
      },
    ));
});
