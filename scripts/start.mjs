// `npm start`: sets up what is missing, builds, and opens a real VS Code on examples/ with the extension in it: the desktop
// one where `code` is on the PATH, else a server for any browser (`npm start -- --browser` asks for that; PORT sets its port).
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { build, ensureInstalled, root } from './lib/setup.mjs';

const examples = path.join(root, 'examples');
const { values } = parseArgs({ options: { browser: { type: 'boolean' } } });

ensureInstalled();
build();

function desktopEditor() {
  const names = process.platform === 'win32' ? ['code.cmd'] : ['code'];
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.flatMap((folder) => names.map((name) => path.join(folder, name))).find((file) => fs.existsSync(file));
}

const editor = values.browser ? undefined : desktopEditor();
if (editor !== undefined) {
  const args = [`--extensionDevelopmentPath=${root}`, '--new-window', examples];
  spawn(editor, args, { stdio: 'ignore', detached: true, shell: process.platform === 'win32' }).unref();
  console.log(`VS Code opens on ${examples} with the extension. Open sigmoid_stack.py.`);
} else {
  // Only now, because these need what was installed.
  const { packageExtension } = await import('./package.mjs');
  const { ensureServer } = await import('./vscode/server.mjs');
  const { startServer } = await import('./vscode/session.mjs');
  const session = await startServer(await ensureServer('recent'), {
    vsix: await packageExtension(),
    logFile: path.join(root, 'out', 'start', 'server.log'),
    automation: false,
    ...(process.env.PORT ? { port: Number(process.env.PORT) } : {}),
  });
  const address = session.workbench(examples, [['openFile', session.remote(path.join(examples, 'sigmoid_stack.py'))]]);
  console.log(`\nVS Code with Gradient Lens on examples/ (Ctrl+C ends it):\n\n  ${address}\n`);
}
