/** Without weight, so that any rule of the page goes before. */
const STYLE = `
:where(halftone-chart, halftone-dashboard) { display: block; position: relative; min-height: 20rem; }
:where(halftone-chart) > .halftone-host { position: absolute; inset: 0; }
:where(halftone-chart) > .halftone-words {
  position: absolute; inset: 0; margin: 0; padding: 1rem; display: flex; flex-direction: column; gap: 0.25rem;
  align-items: center; justify-content: center; text-align: center; font: 0.875rem system-ui, sans-serif;
}
:where(halftone-chart) > .halftone-words > strong { font-size: 2.5rem; }
:where(halftone-dashboard) > iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; }
`;

const styled = new WeakSet<Document>();

/** Gives the elements their default size, once a document. */
export function styleOf(document: Document): void {
  if (styled.has(document)) return;
  styled.add(document);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  document.adoptedStyleSheets.push(sheet);
}
