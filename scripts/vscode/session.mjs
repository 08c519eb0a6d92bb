// One running VS Code server with a profile of its own, from start to the last file removed.
import { execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';

const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'window.confirmBeforeClose': 'never',
  'files.hotExit': 'off',
};

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Own home and temporary folder, no gallery: nothing of the developer's set-up gets in or out. */
function environment(base, extra) {
  const env = {
    ...process.env,
    HOME: base,
    TMPDIR: base,
    XDG_RUNTIME_DIR: base,
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
  };
  for (const key of Object.keys(env)) if (/^(npm_|VSCODE_)/.test(key)) delete env[key];
  delete env.NODE_OPTIONS;
  return { ...env, ...extra };
}

/** A copy of the folders' files in one temporary place, so that a suite may write there; named like the first. */
export function temporaryWorkspace(...folders) {
  const base = fs.mkdtempSync(path.join(os.tmpdir(), 'gl-workspace-'));
  const copy = path.join(base, path.basename(folders[0]));
  for (const folder of folders) fs.cpSync(folder, copy, { recursive: true });
  return { folder: copy, remove: () => fs.rmSync(base, { recursive: true, force: true, maxRetries: 5 }) };
}

/**
 * @param {{node: string, serverMain: string}} server
 * @param {{logFile: string, env?: Record<string, string>, settings?: object, vsix?: string, trust?: boolean, port?: number,
 *          automation?: boolean}} options `trust`: false asks whether the folder is trusted, as a user's VS Code does;
 *   `automation`: false leaves out the test driver, which also suppresses notifications
 */
export async function startServer(server, options) {
  // A short path, because it holds Unix sockets.
  const base = fs.mkdtempSync(path.join(os.tmpdir(), 'gl-'));
  const profile = path.join(base, 'data');
  fs.mkdirSync(path.join(profile, 'User'), { recursive: true });
  const settings = JSON.stringify({ ...quietSettings, ...options.settings });
  fs.writeFileSync(path.join(profile, 'User', 'settings.json'), settings);
  const folders = ['--server-data-dir', base, '--user-data-dir', profile, '--extensions-dir', path.join(base, 'ext')];
  const common = [server.serverMain, '--accept-server-license-terms', '--disable-telemetry', ...folders];
  const env = environment(base, options.env);
  if (options.vsix !== undefined) {
    const install = [...common, '--install-extension', path.resolve(options.vsix), '--force'];
    execFileSync(server.node, install, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 });
  }
  const port = options.port ?? (await freePort());
  fs.mkdirSync(path.dirname(options.logFile), { recursive: true });
  const log = fs.openSync(options.logFile, 'w');
  const flags = ['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'];
  if (options.trust ?? true) flags.push('--disable-workspace-trust');
  // Without the driver a built workbench ignores `extensionDevelopmentPath` and `extensionTestsPath`.
  if (options.automation ?? true) flags.push('--enable-smoke-test-driver');
  // In a process group of its own, so that the extension host ends with it.
  const child = spawn(server.node, [...common, ...flags, '--disable-getting-started-override'], {
    env,
    stdio: ['ignore', log, log],
    detached: true,
  });
  let ended = false;
  child.once('exit', () => (ended = true));
  const kill = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It is gone already.
    }
  };
  const atExit = () => kill('SIGKILL');
  const interrupted = () => void stop().finally(() => process.exit(130));
  process.once('exit', atExit);
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);

  async function stop() {
    kill('SIGTERM');
    for (let i = 0; i < 30 && !ended; i++) await pause(100);
    kill('SIGKILL');
    process.off('exit', atExit);
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    fs.closeSync(log);
    fs.rmSync(base, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
  const url = `http://127.0.0.1:${port}/`;
  const answers = () =>
    fetch(url).then(
      (response) => response.ok,
      () => false,
    );
  for (const end = Date.now() + 60_000; !(await answers()); await pause(100)) {
    if (!ended && Date.now() < end) continue;
    await stop();
    throw new Error(`the VS Code server ${ended ? 'ended early' : 'did not answer in 60 s'}, see ${options.logFile}`);
  }
  return {
    url,
    stop,
    pid: child.pid,
    remote: (file) => `vscode-remote://127.0.0.1:${port}${file}`,
    /** @param {string} folder @param {[string, string][]} payload */
    workbench: (folder, payload = []) => {
      const all = [['skipWelcome', 'true'], ['skipReleaseNotes', 'true'], ...payload];
      return `${url}?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(JSON.stringify(all))}`;
    },
  };
}
