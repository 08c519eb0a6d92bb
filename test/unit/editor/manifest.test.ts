import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/editor/commandNames';
import { languages } from '../../../src/editor/modelFilter';

interface Manifest {
  engines: { vscode: string };
  devDependencies: Record<string, string>;
  activationEvents: string[];
  icon: string;
  contributes: {
    commands: { command: string }[];
    configuration: { properties: Record<string, { markdownDescription?: string; default?: unknown }> };
  };
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
}

const manifest = JSON.parse(fs.readFileSync('package.json', 'utf8')) as Manifest;
const settings = manifest.contributes.configuration.properties;

describe('the manifest', () => {
  it('declares the commands that the code registers', () => {
    expect(manifest.contributes.commands.map(({ command }) => command).sort()).toEqual(Object.values(COMMANDS).sort());
  });

  it('declares the settings that the code reads, fewer than ten, each described and with a default', () => {
    const code = fs.readFileSync('src/editor/settings.ts', 'utf8');
    const read = [...code.matchAll(/get<.+?>\('(\w+)'\)/g)].map((match) => `gradientLens.${match[1]!}`);
    expect([...new Set(read)].sort()).toEqual(Object.keys(settings).sort());
    expect(read.length).toBeLessThan(10);
    for (const setting of Object.values(settings)) {
      expect(setting.markdownDescription).toMatch(/\.$/);
      expect(setting.default).toBeDefined();
    }
  });

  it('restricts only settings that exist', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    expect(restrictedConfigurations.filter((name) => !(name in settings))).toEqual([]);
  });

  it('wakes for every language that is read but `jsonc`, which the window opens by itself, and for notebooks', () => {
    const events = languages.filter((language) => language !== 'jsonc').map((language) => `onLanguage:${language}`);
    expect(manifest.activationEvents).toEqual([
      ...events,
      'onNotebook:jupyter-notebook',
      // A panel that the window kept over a reload.
      'onWebviewPanel:gradientLens.gradientFlow',
    ]);
  });

  it('asks for no newer VS Code than the types it is written against, and 1.100 is enough', () => {
    expect(manifest.engines.vscode).toBe('^1.100.0');
    expect(manifest.devDependencies['@types/vscode']).toBe('1.100.0');
  });

  it('names an icon that is there', () => {
    expect(fs.existsSync(manifest.icon)).toBe(true);
  });
});
