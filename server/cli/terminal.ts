/** Where a command writes, and what it may know of its surroundings; the real one is made in command-line.ts. */
export interface Terminal {
  /** Results: standard output. */
  out: (text: string) => void;
  /** Messages: standard error. */
  err: (text: string) => void;
  /** True where messages go to a screen that a person watches. */
  isInteractive: boolean;
  /** Characters in a line of that screen. */
  columns: number;
  /** True where colors are welcome. */
  isColored: boolean;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  platform: NodeJS.Platform;
  /** Bytes of memory of this machine, or of what this process may have of it. */
  totalMemory: number;
  /** Milliseconds, monotonic. */
  now: () => number;
}
