import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Workbench } from './workbench';

export const THEMES = [
  'Default Dark Modern',
  'Default Light Modern',
  'Default High Contrast',
  'Default High Contrast Light',
] as const;

export interface Violation {
  id: string;
  nodes: { target: unknown; failureSummary?: string }[];
}

/** What axe-core finds in the panel. The page's policy forbids its script, so it comes in by the debugger. */
export async function axeViolations(bench: Workbench): Promise<Violation[]> {
  const handle = await bench.panel().locator('html').elementHandle();
  const frame = await handle.ownerFrame();
  assert.ok(frame);
  const source = fs.readFileSync(path.join(process.cwd(), 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');
  await frame.evaluate(source);
  return frame.evaluate(
    `axe.run(document.querySelector('#root'), { resultTypes: ['violations'] }).then(({ violations }) => violations)`,
  );
}

export async function assertAccessible(bench: Workbench, what: string): Promise<void> {
  const violations = await axeViolations(bench);
  const told = violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map((node) => `${String(node.target)} ${node.failureSummary ?? ''}`).join('; ')}`,
  );
  assert.deepEqual(told, [], what);
}

/** Nothing sticks out of the panel sideways. */
export async function assertFits(bench: Workbench, what: string): Promise<void> {
  const [scroll, client] = await bench
    .panel()
    .locator('html')
    .evaluate((html): [number, number] => [html.scrollWidth, html.clientWidth]);
  assert.ok(scroll <= client, `${what}: ${scroll} pixels of content in ${client}`);
}

/** Makes the panel about so wide: it takes half the window once the side bar is gone. */
export async function panelWidth(bench: Workbench, width: number): Promise<void> {
  await bench.page.setViewportSize({ width: width * 2 + 60, height: 950 });
}

export async function openPanel(bench: Workbench): Promise<void> {
  await bench.command('Gradient Lens: Show Gradient Flow');
  await bench.panel().locator('.row').first().waitFor({ timeout: 90_000 });
}

export function view(bench: Workbench, name: 'Flow' | 'Training' | 'Graph' | 'Table'): Promise<void> {
  return bench.panel().getByRole('tab', { name }).click();
}
