import type { RendererChoice } from './types.js';

/** The back end of a name; undefined where it names none. */
export const rendererNamed = (name: string | null): RendererChoice | undefined =>
  name === 'cpu' || name === 'gpu' || name === 'plotly' || name === 'auto' ? name : undefined;

/** `?renderer=cpu` in the page's address, for tests and for people with a broken driver. */
export const rendererOfAddress = (): RendererChoice =>
  rendererNamed(new URLSearchParams(globalThis.location?.search).get('renderer')) ?? 'auto';
