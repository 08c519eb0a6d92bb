import type { Page } from 'playwright-core';

/** One workbench on a temporary copy of the examples, with the packaged extension installed. */
export interface Scene {
  page: Page;
  /** The folder that is open. */
  folder: string;
  /** Loads the workbench, with `file` (a path) in an editor. */
  goto(file?: string): Promise<unknown>;
  close(): Promise<void>;
}

export interface Stage {
  /** Folder for screenshots. */
  output: string;
  open(options?: { trust?: boolean; settings?: object; files?: string[] }): Promise<Scene>;
}

/** The stage that scripts/test-ui.mjs has set up. */
export function stage(): Stage {
  const found = (globalThis as { gradientLensStage?: Stage }).gradientLensStage;
  if (found === undefined) throw new Error('run this suite by scripts/test-ui.mjs');
  return found;
}
