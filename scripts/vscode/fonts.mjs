// The same fonts on every Linux machine, also on one that has none: DejaVu from npm.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { cache, root } from './npmPackage.mjs';

const aliases = [
  ['monospace', 'DejaVu Sans Mono'],
  ['sans-serif', 'DejaVu Sans'],
  ['system-ui', 'DejaVu Sans'],
  ['Arial', 'DejaVu Sans'],
  ['serif', 'DejaVu Serif'],
];
// Without this fontconfig prefers the mathematics font.
const rejected = ['*MathTeX*', '*ExtraLight*', '*Condensed*'];

/** Environment variables that point fontconfig at the pinned fonts; none where the system draws its own. */
export function fontEnvironment() {
  const fonts = path.join(root, 'node_modules', 'dejavu-fonts-ttf', 'ttf');
  if (process.platform !== 'linux' || !fs.existsSync(fonts)) return {};
  fs.mkdirSync(cache, { recursive: true });
  const file = path.join(cache, 'fonts.conf');
  const lines = [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    `<fontconfig><dir>${fonts}</dir><cachedir>${path.join(cache, 'fontcache')}</cachedir>`,
    `<selectfont><rejectfont>${rejected.map((glob) => `<glob>${glob}</glob>`).join('')}</rejectfont></selectfont>`,
    ...aliases.map(
      ([from, to]) => `<alias binding="same"><family>${from}</family><prefer><family>${to}</family></prefer></alias>`,
    ),
    '<match target="pattern"><edit name="family" mode="append_last"><string>DejaVu Sans</string></edit></match>',
    '</fontconfig>',
  ];
  fs.writeFileSync(file, lines.join('\n'));
  return { FONTCONFIG_FILE: file };
}
