import { createBirpc } from 'birpc';
import type { PanelHost, PanelView } from '../src/report/panelProtocol';

interface VsCodeApi {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** The host seen from the panel; `view` answers what the host tells. What is shown is kept for a reload of the window. */
export function connect(view: PanelView): PanelHost {
  const api = acquireVsCodeApi();
  const kept: PanelView = {
    ...view,
    showPage: (page, state) => {
      if (page.subject !== null)
        api.setState({ subject: page.subject, model: page.modelIndex, isPinned: page.isPinned });
      view.showPage(page, state);
    },
  };
  const rpc = createBirpc<PanelHost, PanelView>(kept, {
    post: (message: unknown) => api.postMessage(message),
    on: (receive: (message: unknown) => void) =>
      window.addEventListener('message', (event: MessageEvent<unknown>) => receive(event.data)),
    timeout: -1,
  });
  return {
    ready: () => void rpc.ready(),
    reveal: (span, take) => rpc.reveal(span, take),
    applyRemedy: (finding, id) => rpc.applyRemedy(finding, id),
    previewRemedy: (finding, id) => rpc.previewRemedy(finding, id),
    selectModel: (index) => void rpc.selectModel(index),
    pinCurve: (pin) => void rpc.pinCurve(pin),
    pinPanel: (pin) => void rpc.pinPanel(pin),
    save: (kind, content) => rpc.save(kind, content),
    copy: (text) => rpc.copy(text),
  };
}
