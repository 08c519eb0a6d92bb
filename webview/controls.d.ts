import type { ComponentChildren } from 'preact';

interface Control {
  key?: string | number;
  children?: ComponentChildren;
  class?: string;
  'aria-label'?: string;
}

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-button': Control & { appearance?: 'primary' | 'secondary' | 'icon'; onClick?: () => void };
      'vscode-dropdown': Control & { value?: string; onchange?: (event: Event) => void };
      'vscode-option': Control & { value: string; selected?: boolean };
      'vscode-progress-ring': Control;
    }
  }
}
