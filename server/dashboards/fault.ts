/** Something in a dashboard that does not fit. */
export interface DashboardFault {
  /** Keys and indexes from the dashboard to the value. */
  path: readonly (string | number)[];
  /** One sentence that shows the value. */
  message: string;
  hint?: string;
  /** The chart that it spoils, by id. */
  chart?: string;
}

/** "Did you mean …?", where something is near. */
export const didYouMean = (near: string | undefined): { hint?: string } =>
  near === undefined ? {} : { hint: `Did you mean "${near}"?` };

/** The steps of a path that is written as text: `pages[0].items[2]`. */
export const stepsOf = (path: string): (string | number)[] =>
  [...path.matchAll(/([^.[\]]+)|\[(\d+)\]/gu)].map(([, key, index]) => key ?? Number(index));

/** A path as text. */
export const textOfPath = (path: readonly (string | number)[]): string =>
  path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`))
    .join('');
