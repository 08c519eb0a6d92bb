import type { ExportKind } from '../../src/report/panelProtocol';

export type ExportAsk = ExportKind | 'copy';

const CHOICES: [ExportAsk, string][] = [
  ['png', 'Save as PNG'],
  ['svg', 'Save as SVG'],
  ['csv', 'Save figures as CSV'],
  ['json', 'Save report as JSON'],
  ['copy', 'Copy picture'],
];

/** What can be taken out of the panel. */
export function ExportMenu({ onAsk }: { onAsk: (ask: ExportAsk) => void }) {
  return (
    <details
      class="menu"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.currentTarget.open = false;
        event.currentTarget.querySelector('summary')?.focus();
      }}
    >
      <summary class="chip">Export</summary>
      <ul>
        {CHOICES.map(([ask, title]) => (
          <li key={ask}>
            <button
              type="button"
              onClick={(event) => {
                const menu = event.currentTarget.closest('details');
                if (menu) menu.open = false;
                onAsk(ask);
              }}
            >
              {title}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
