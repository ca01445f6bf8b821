import type { RefreshInfo } from '../../../protocol/job.js';
import { formatDuration } from '../format.js';

/** When a dataset is loaded anew, in words: `Every 30 s`, `At 06:00, Monday through Friday`. */
export async function scheduleWords({ everyMs, cron }: RefreshInfo): Promise<string> {
  if (everyMs !== undefined) return `Every ${formatDuration(everyMs / 1000)}`;
  if (cron === undefined) return '';
  try {
    const { toString } = await import('cronstrue');
    return toString(cron, { use24HourTimeFormat: true });
  } catch {
    return cron;
  }
}
