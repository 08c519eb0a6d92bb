import { createBirpc } from 'birpc';
import type { PanelHost, PanelView } from '../src/report/panelProtocol';

interface VsCodeApi {
  postMessage(message: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** The host seen from the panel; `view` answers what the host tells. */
export function connect(view: PanelView): PanelHost {
  const api = acquireVsCodeApi();
  const rpc = createBirpc<PanelHost, PanelView>(view, {
    post: (message: unknown) => api.postMessage(message),
    on: (receive: (message: unknown) => void) =>
      window.addEventListener('message', (event: MessageEvent<unknown>) => receive(event.data)),
    timeout: -1,
  });
  return {
    ready: () => void rpc.ready(),
    reveal: (span) => rpc.reveal(span),
    applyRemedy: (finding, id) => rpc.applyRemedy(finding, id),
    selectModel: (index) => void rpc.selectModel(index),
  };
}
