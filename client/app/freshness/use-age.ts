import { useEffect, useReducer } from 'preact/hooks';
import { formatAge } from '../format.js';
import { atEach } from '../at-each.js';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** Milliseconds since `time`, told anew each second while that is what people look at, each minute later. */
export function useAge(time: number | undefined): number | undefined {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const age = time === undefined ? undefined : Math.max(0, Date.now() - time);
  const pace = age === undefined || age > MINUTE_MS ? MINUTE_MS : SECOND_MS;
  useEffect(() => {
    if (time === undefined) return undefined;
    return atEach(pace, () => {
      if (!document.hidden) redraw(0);
    });
  }, [time, pace]);
  return age;
}

/** The age of data that may be seconds old: `27 s ago`, `3 min ago`. */
export const formatFreshAge = (ms: number): string =>
  ms < MINUTE_MS ? `${Math.floor(ms / SECOND_MS)} s ago` : formatAge(ms);

/** A time of this day as a clock shows it, another with its day. */
export function formatMoment(time: number): string {
  const moment = new Date(time);
  const isToday = moment.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat('en-GB', {
    ...(isToday ? {} : { day: 'numeric', month: 'short' }),
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(moment);
}
