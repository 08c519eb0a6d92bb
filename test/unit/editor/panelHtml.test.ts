import { describe, expect, it } from 'vitest';
import { panelHtml } from '../../../src/editor/panelHtml';

describe("the panel's page", () => {
  const html = panelHtml({ script: 'x://d/panel.js', style: 'x://d/panel.css', origin: 'x:', nonce: 'n0' });
  const policy = /content="([^"]*default-src[^"]*)"/.exec(html)?.[1] ?? '';

  it('forbids everything but its own files', () => {
    expect(policy).toMatch(/^default-src 'none'/);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(policy).toContain("script-src 'nonce-n0';");
  });

  it('has no script without the nonce and tells it to the toolkit', () => {
    for (const [tag] of html.matchAll(/<script[^>]*>/g)) expect(tag).toContain('nonce="n0"');
    expect(html).toContain('<meta property="csp-nonce" content="n0" />');
    expect(html).not.toMatch(/<script[^>]*>[^<]/);
  });
});
