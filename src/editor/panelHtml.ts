export interface PanelResources {
  /** Addresses of the panel's script and style sheet. */
  script: string;
  style: string;
  /** The origin of such addresses. */
  origin: string;
  /** Fresh for each page: the only scripts and style elements that run carry it. */
  nonce: string;
}

/** The panel's page. All that it shows is made by its script from data, never from HTML of ours. */
export function panelHtml({ script, style, origin, nonce }: PanelResources): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${origin} 'nonce-${nonce}'`,
    `font-src ${origin}`,
    `img-src ${origin} data: blob:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta property="csp-nonce" content="${nonce}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="stylesheet" href="${style}" />
    <title>Gradient Flow</title>
  </head>
  <body>
    <div id="root"></div>
    <script nonce="${nonce}" src="${script}"></script>
  </body>
</html>
`;
}
