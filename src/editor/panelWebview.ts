import { createBirpc } from 'birpc';
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { PanelHost, PanelView } from '../report/panelProtocol';
import { panelHtml } from './panelHtml';

export const viewType = 'gradientLens.gradientFlow';

export const panelOptions = (dist: vscode.Uri) => ({
  enableScripts: true,
  localResourceRoots: [dist],
  retainContextWhenHidden: true,
});

/** Puts the page into a webview and connects it with `host`. The page asks for its data once it is up. */
export function fillWebview(webview: vscode.Webview, dist: vscode.Uri, host: PanelHost): PanelView {
  webview.options = { enableScripts: true, localResourceRoots: [dist] };
  const rpc = createBirpc<PanelView, PanelHost>(host, {
    post: (message: unknown) => void webview.postMessage(message),
    on: (receive) => void webview.onDidReceiveMessage(receive),
    eventNames: ['showPage', 'showState', 'showCursor'],
    timeout: -1,
  });
  webview.html = panelHtml({
    script: webview.asWebviewUri(vscode.Uri.joinPath(dist, 'panel.js')).toString(),
    style: webview.asWebviewUri(vscode.Uri.joinPath(dist, 'panel.css')).toString(),
    origin: webview.cspSource,
    nonce: randomBytes(16).toString('base64'),
  });
  return {
    showPage: (page, state) => void rpc.showPage(page, state),
    showState: (state) => void rpc.showState(state),
    showCursor: (place) => void rpc.showCursor(place),
  };
}
