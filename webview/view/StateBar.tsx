import type { PanelState } from '../../src/report/panelProtocol';

/** Where the diagnosis stands; silent when it is done. */
export function StateBar({ state }: { state: PanelState }) {
  switch (state.phase) {
    case 'done':
      return <p class="state" role="status" />;
    case 'empty':
      return (
        <p class="state" role="status">
          Nothing was diagnosed yet. Save the file, or run “Gradient Lens: Diagnose This File”.
        </p>
      );
    case 'running':
      return (
        <p class="state" role="status">
          <vscode-progress-ring aria-label="Running" />
          {state.stage}
          {state.detail ? `: ${state.detail}` : ''}
        </p>
      );
    case 'outdated':
      return (
        <p class="state warn" role="status">
          {state.reason === null ? 'The text has changed since.' : `Outdated: ${state.reason}.`} These figures hold for
          the text before it.
        </p>
      );
    case 'failed':
      return (
        <p class="state warn" role="alert">
          {state.message}
        </p>
      );
    case 'cancelled':
      return (
        <p class="state warn" role="status">
          The diagnosis was cancelled.
        </p>
      );
  }
}
