/** What a browser without the token gets to see: where to find the link, or a field for the token. */
export function signInPage(basePath: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Halftone</title>
<meta name="viewport" content="width=device-width"><base href="${basePath}">
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui;max-width:34em;margin:15vh auto;padding:0 1em}
input,button{font:inherit;padding:.3em .6em}</style></head>
<body><h1>Halftone</h1><p>This server answers only those who show its token. Open the link that it printed when it
started, or enter the token.</p><form method="post" action="login"><label>Token
<input name="token" type="password" autocomplete="current-password" required autofocus></label>
<button>Open</button></form></body></html>`;
}
