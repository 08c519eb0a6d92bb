import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Workbench } from './workbench';

const file = 'sigmoid_stack.py';
const layer = 'layers.append(nn.Linear(size, width))';

suite('the sigmoid stack in the workbench', () => {
  let bench: Workbench;
  let lineNumber: number;

  suiteSetup(async () => {
    bench = await Workbench.open(file);
    lineNumber =
      bench
        .fileText(file)
        .split('\n')
        .findIndex((line) => line.includes(layer)) + 1;
  });
  suiteTeardown(() => bench.close());
  teardown(async function () {
    if (this.currentTest?.state === 'failed') await bench.screenshot(`failed ${this.currentTest.title}`);
  });

  test('underlines the layers that get no gradient, and nothing else', async () => {
    const editor = await bench.editor(file);
    await editor.locator('.squiggly-warning').first().waitFor({ state: 'attached', timeout: 60_000 });
    assert.deepEqual(await bench.underlinedLines(editor), [layer]);
  });

  test('lists the finding in the Problems view', async () => {
    const row = bench.page.locator('.markers-panel .monaco-list-row', { hasText: 'gradient-lens' });
    await bench.pressUntil('Control+Shift+M', row.first());
    const text = await row.first().innerText();
    assert.match(text, /vanishing-gradient/);
    assert.match(text, new RegExp(`Ln ${lineNumber},`));
  });

  test('says in the status bar how it stands', async () => {
    const status = bench.page.locator('#status\\.languageStatus');
    const entry = bench.page.locator('.hover-language-status', { hasText: 'Gradient Lens:' });
    await bench.until('the outcome in the status', async () => {
      await status.hover();
      const text = await entry
        .first()
        .innerText({ timeout: 2_000 })
        .catch(() => '');
      await bench.page.mouse.move(700, 200);
      return text.includes('Gradient Lens: vanishing');
    });
  });

  test('offers the proved fix with its figures on Ctrl+.', async () => {
    const editor = await bench.editor(file);
    await editor.locator('.view-line', { hasText: 'nn.Linear(size' }).click();
    await bench.goTo(lineNumber, 30);
    const fix = bench.page.locator('.action-widget .monaco-list-row', { hasText: /healthy on \d+ seeds?\)/ });
    await bench.pressUntil('Control+.', fix.first());
    assert.match(await fix.first().innerText(), /\(gradient [\d.]+e-\d+ → [\d.e-]+, healthy on \d+ seeds?\)/);
    await bench.screenshot('quick-fix');
    await fix.first().click();
    await bench.until('the edit', async () => !(await editor.innerText()).includes('nn.Sigmoid()'));
  });

  test('is cleared by applying the fix and saving', async () => {
    const editor = await bench.editor(file);
    await bench.page.keyboard.press('Control+s');
    await bench.until('the saved file', () => !bench.fileText(file).includes('nn.Sigmoid()'));
    await bench.until('no squiggle', async () => (await editor.locator('.squiggly-warning').count()) === 0);
    await bench.screenshot('fixed');
  });

  test('comes back when the fix is undone in one step and saved', async () => {
    const editor = await bench.editor(file);
    await editor.locator('.view-line', { hasText: 'class SigmoidStack' }).click();
    await bench.page.keyboard.press('Control+z');
    await bench.until('the old text', async () => (await editor.innerText()).includes('nn.Sigmoid()'));
    await bench.page.keyboard.press('Control+s');
    await editor.locator('.squiggly-warning').first().waitFor({ state: 'attached', timeout: 60_000 });
    const original = path.join(bench.scene.folder, file);
    assert.equal(fs.readFileSync(original, 'utf8'), bench.fileText(file));
    assert.deepEqual(await bench.underlinedLines(editor), [layer]);
  });

  test('shows the gradient flow on command, and a double click there goes to the line', async () => {
    await bench.command('Gradient Lens: Show Gradient Flow');
    const panel = bench.panel();
    const flagged = panel.locator('.row.flagged').first();
    await flagged.waitFor();
    await bench.screenshot('panel');
    await flagged.dblclick();
    await bench.cursorAt(lineNumber);
  });

  test('says in the panel that figures are outdated while the text differs', async () => {
    const editor = await bench.editor(file);
    await editor.locator('.view-line', { hasText: 'import torch.nn as nn' }).click();
    await bench.page.keyboard.press('End');
    await bench.page.keyboard.type('  # same');
    await bench.panel().locator('main.outdated').waitFor();
    await bench.page.keyboard.press('Control+z');
    await bench.panel().locator('main:not(.outdated)').waitFor();
  });

  test('is cured from the panel as well', async () => {
    const editor = await bench.editor(file);
    await bench.panel().locator('.remedy vscode-button', { hasText: 'Apply' }).first().click();
    await bench.until('the edit', async () => !(await editor.innerText()).includes('nn.Sigmoid()'));
    await editor.locator('.view-line', { hasText: 'class SigmoidStack' }).click();
    await bench.page.keyboard.press('Control+s');
    await bench.panel().locator('.verdict.healthy').waitFor();
    await bench.until('no squiggle', async () => (await editor.locator('.squiggly-warning').count()) === 0);
  });

  test('has popped nothing up all the while', async () => {
    assert.equal(await bench.page.locator('.notification-toast, .monaco-dialog-box').count(), 0);
  });
});
