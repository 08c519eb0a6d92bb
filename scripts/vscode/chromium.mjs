// Finds a Chromium: CHROMIUM_PATH, else the system's, else (Linux x64) the one inside an npm tarball.
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as zlib from 'node:zlib';
import { chromium } from 'playwright-core';
import { fontEnvironment } from './fonts.mjs';
import { once, unpack } from './npmPackage.mjs';

const pin = {
  spec: '@sparticuz/chromium@153.0.0',
  integrity: 'sha512-jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA==',
};

const systemPaths = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome-stable', '/usr/bin/google-chrome'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
};

async function packagedChromium() {
  const folder = await once('chromium-153.0.0', (partial) => {
    const bin = path.join(partial, 'bin');
    unpack(pin, 'package/bin', bin);
    const program = zlib.brotliDecompressSync(fs.readFileSync(path.join(bin, 'chromium.br')));
    fs.writeFileSync(path.join(partial, 'chromium'), program, { mode: 0o755 });
    // WebGL in software, and the libraries that a bare system lacks.
    for (const name of ['swiftshader', 'al2023']) {
      const tar = path.join(partial, `${name}.tar`);
      fs.writeFileSync(tar, zlib.brotliDecompressSync(fs.readFileSync(path.join(bin, `${name}.tar.br`))));
      execFileSync('tar', ['xf', tar, '-C', partial, '--no-same-owner']);
      fs.rmSync(tar);
    }
    fs.rmSync(bin, { recursive: true });
  });
  const executablePath = path.join(folder, 'chromium');
  const libraries = execFileSync('ldd', [executablePath], { encoding: 'utf8' });
  if (!libraries.includes('not found')) return { executablePath, env: {} };
  const search = [process.env.LD_LIBRARY_PATH, path.join(folder, 'lib')].filter(Boolean).join(':');
  return { executablePath, env: { LD_LIBRARY_PATH: search } };
}

async function findChromium() {
  const given = process.env.CHROMIUM_PATH;
  if (given) return { executablePath: given, env: {} };
  const installed = (systemPaths[process.platform] ?? []).find((file) => fs.existsSync(file));
  if (installed) return { executablePath: installed, env: {} };
  if (process.platform === 'linux' && process.arch === 'x64') return packagedChromium();
  throw new Error('no Chromium found: install one, or set CHROMIUM_PATH');
}

/** A headless browser that can reach this machine's loopback address and nothing else. */
export async function startBrowser() {
  const { executablePath, env } = await findChromium();
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    env: { ...process.env, ...fontEnvironment(), ...env },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 });
  return { browser, context };
}
