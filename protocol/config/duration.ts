const MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** The milliseconds of a length of time such as `30s` or `1.5h`, as `Duration` allows it. */
export function durationMs(text: string): number {
  const [, number, unit] = /^([\d.]+)\s*(ms|s|m|h|d|w)$/u.exec(text)!;
  return Number(number) * MS[unit as keyof typeof MS];
}
