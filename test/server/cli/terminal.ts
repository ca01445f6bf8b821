import type { Terminal } from '../../../server/cli/terminal.js';

/** A terminal that remembers what was written; `clock.ms` is its time. */
export function fakeTerminal(overrides: Partial<Terminal> = {}) {
  const written = { out: '', err: '' };
  const clock = { ms: 0 };
  const terminal: Terminal = {
    out: (text) => {
      written.out += text;
    },
    err: (text) => {
      written.err += text;
    },
    isInteractive: false,
    columns: 80,
    isColored: false,
    env: {},
    cwd: '/',
    platform: 'linux',
    totalMemory: 1000,
    now: () => clock.ms,
    ...overrides,
  };
  return { terminal, written, clock };
}
