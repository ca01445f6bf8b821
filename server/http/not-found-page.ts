/** The surfaces, texts and links of the page, as the client has them. */
const STYLE = `:root{color-scheme:light dark;--page:#f6f6f4;--text:#1c1d1f;--muted:#5b5d62;--accent:#2c54cf;--on-accent:#fff}
@media(prefers-color-scheme:dark){:root{--page:#141517;--text:#ececee;--muted:#a6a8b0;--accent:#8facff;--on-accent:#10172e}}
body{margin:0;min-height:100vh;display:grid;place-content:center;justify-items:center;gap:16px;padding:0 24px;box-sizing:border-box;
text-align:center;background:var(--page);color:var(--text);font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif}
h1{margin:0;font-size:20px}p{margin:0;max-width:34em;text-wrap:balance;color:var(--muted);overflow-wrap:anywhere}
a,svg{color:var(--accent)}a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
a.back{padding:6px 14px;border-radius:6px;background:var(--accent);color:var(--on-accent);text-decoration:none}
@media(forced-colors:active){a.back{border:1px solid}}`;

/** A corner of a halftone print: dots that grow. */
const LOGO = `<svg width="40" height="40" viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">${[
  5, 12, 19,
]
  .flatMap((y, row) =>
    [5, 12, 19].map(
      (x, column) => `<circle cx="${x}" cy="${y}" r="${1.2 + (row + column) * 0.62}"/>`,
    ),
  )
  .join('')}</svg>`;

/** What a browser gets to see where nothing is: the address that it asked for, and the ways on. */
export function notFoundPage(path: string, basePath: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Not found · Halftone</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><base href="${basePath}">
<style>${STYLE}</style></head>
<body>${LOGO}<h1>There is nothing at this address</h1>
<p><code>${asText(path)}</code> is no page of Halftone. The link may be old, or cut off.</p>
<a class="back" href="./">See what there is</a><p><a href="docs">Description of the API</a></p></body></html>`;
}

const asText = (text: string): string =>
  text.replace(/[&<>"]/gu, (character) => `&#${character.charCodeAt(0)};`);
