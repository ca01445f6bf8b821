/**
 * The rows of a bench's table: `usual`, or fewer where `HALFTONE_BENCH_ROWS` asks for a quick look at whether a bench
 * still runs. Figures of smaller tables mean nothing.
 */
export function benchRows(usual: number): number {
  const wanted = Number(process.env['HALFTONE_BENCH_ROWS'] ?? usual);
  if (!Number.isInteger(wanted) || wanted < 1)
    throw new Error(`HALFTONE_BENCH_ROWS is "${wanted}", expected a whole number of rows.`);
  return Math.min(usual, wanted);
}

/** How often something is measured: once for a quick look. */
export const benchRounds = (usual: number): number =>
  process.env['HALFTONE_BENCH_ROWS'] === undefined ? usual : 1;

/** How long a bench lets somebody work, in minutes: `usual`, or what `HALFTONE_BENCH_MINUTES` says. */
export function benchMinutes(usual: number): number {
  const wanted = Number(process.env['HALFTONE_BENCH_MINUTES'] ?? usual);
  if (!(wanted > 0)) throw new Error(`HALFTONE_BENCH_MINUTES is "${wanted}", expected minutes.`);
  return wanted;
}

/** How many refreshes a bench makes: `usual`, or what `HALFTONE_BENCH_REFRESHES` says. */
export function benchRefreshes(usual: number): number {
  const wanted = Number(process.env['HALFTONE_BENCH_REFRESHES'] ?? usual);
  if (!Number.isInteger(wanted) || wanted < 1)
    throw new Error(`HALFTONE_BENCH_REFRESHES is "${wanted}", expected a whole number.`);
  return wanted;
}
