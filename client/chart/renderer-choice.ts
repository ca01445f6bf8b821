import type { RendererChoice } from './types.js';

/** `?renderer=cpu` in the page's address, for tests and for people with a broken driver. */
export function rendererOfAddress(): RendererChoice {
  const named = new URLSearchParams(globalThis.location?.search).get('renderer');
  return named === 'cpu' || named === 'gpu' || named === 'plotly' ? named : 'auto';
}
