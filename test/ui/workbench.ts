import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { type Scene, stage } from './stage';

/** The workbench as a user handles it. */
export class Workbench {
  constructor(
    readonly scene: Scene,
    readonly page: Page = scene.page,
  ) {}

  static async open(file: string, options?: Parameters<ReturnType<typeof stage>['open']>[0]): Promise<Workbench> {
    const scene = await stage().open(options);
    const bench = new Workbench(scene);
    await scene.goto(path.join(scene.folder, file));
    return bench;
  }

  close(): Promise<void> {
    return this.scene.close();
  }

  /** The editor that shows the file `name`, once its text is there. */
  async editor(name: string): Promise<Locator> {
    await this.page.locator('.tab', { hasText: name }).first().waitFor();
    const editor = this.page.locator(`.editor-instance:has(.monaco-editor[data-uri$="${name}"])`).first();
    await editor.locator('.view-line').first().waitFor();
    return editor;
  }

  /**
   * Presses a key (or several, one after another) until its effect is there: a press is lost now and then while the workbench moves the focus. What an
   * early press opened half is closed in between.
   */
  async pressUntil(key: string, effect: Locator): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      for (const part of key.split(' ')) await this.page.keyboard.press(part);
      try {
        await effect.waitFor({ timeout: 3_000 });
        return;
      } catch (error) {
        if (attempt === 8) throw error;
      }
      await this.page.keyboard.press('Escape');
    }
  }

  private async quickInput(key: string, text: string, row?: string): Promise<void> {
    const widget = this.page.locator('.quick-input-widget');
    const input = widget.locator('input.input');
    await this.pressUntil(key, input);
    await input.fill(text);
    if (row !== undefined) await widget.locator('.monaco-list-row', { hasText: row }).first().waitFor();
    await this.page.keyboard.press('Enter');
    await widget.waitFor({ state: 'hidden' });
  }

  command(title: string): Promise<void> {
    return this.quickInput('F1', `>${title}`, title);
  }

  /** Puts the cursor there (both one-based). */
  async goTo(line: number, column: number): Promise<void> {
    await this.quickInput('Control+g', `:${line}:${column}`);
    await this.cursorAt(line, column);
    await this.page.locator('.editor-instance .monaco-editor.focused').first().waitFor();
  }

  async cursorAt(line: number, column?: number): Promise<void> {
    const text = column === undefined ? new RegExp(`Ln ${line},`) : `Ln ${line}, Col ${column}`;
    await this.page.locator('#status\\.editor\\.selection', { hasText: text }).waitFor();
  }

  /** The texts of the lines that hold a squiggle, found by where the squiggles are drawn. */
  async underlinedLines(editor: Locator): Promise<string[]> {
    const marks = await editor.locator('.squiggly-warning, .squiggly-info').all();
    const lines = await editor.locator('.view-line').all();
    const boxes = await Promise.all(
      lines.map(async (line) => ({
        box: await line.boundingBox(),
        text: ((await line.textContent()) ?? '').replaceAll('\u00a0', ' '),
      })),
    );
    const found = new Set<string>();
    for (const mark of marks) {
      const box = await mark.boundingBox();
      if (box === null) continue;
      const middle = box.y + box.height / 2;
      const hit = boxes.find(
        (line) => line.box !== null && middle >= line.box.y && middle < line.box.y + line.box.height,
      );
      if (hit !== undefined) found.add(hit.text.trim());
    }
    return [...found];
  }

  /** Waits until `ask` is true; the message says what was waited for. */
  async until(what: string, ask: () => boolean | Promise<boolean>, limit = 60_000): Promise<void> {
    const end = Date.now() + limit;
    while (!(await ask())) {
      assert.ok(Date.now() < end, `waited ${limit} ms for ${what}`);
      await this.page.waitForTimeout(50);
    }
  }

  /** The page that the extension's panel shows: two frames deep. */
  panel(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  }

  fileText(name: string): string {
    return fs.readFileSync(path.join(this.scene.folder, name), 'utf8');
  }

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: path.join(stage().output, `${name}.png`) });
  }
}
