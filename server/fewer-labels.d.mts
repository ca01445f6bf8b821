import type { Plugin } from 'vite';

export function rememberFewerLabels(): Plugin;
