import type { Config } from '../../protocol/config/config.js';
import { checkDashboard } from '../dashboards/check-dashboard.js';
import { scheduleOf } from '../../protocol/schedule.js';
import { faultOfWhen } from '../jobs/slots.js';
import { checkInputs } from './check-inputs.js';
import { checkParameters, checkValues } from './check-parameters.js';
import type { ConfigDocument } from './document.js';

const MAX_NAME = 200;

/** Notes what each value allows on its own, but not together. */
export function checkMeaning(config: Config, document: ConfigDocument): void {
  const { datasets = {}, dashboards = {} } = config;
  checkInputs(config, document);
  for (const [name, dashboard] of Object.entries(dashboards)) {
    if (/^\.{0,2}$/u.test(name))
      document.reportAt(['dashboards', name], `"${name}" cannot be the name of a dashboard.`);
    checkValues(dashboard, datasets, ['dashboards', name], document);
    for (const { path, message, hint } of checkDashboard(dashboard)) {
      document.reportAt(['dashboards', name, ...path], message, hint);
    }
  }
  for (const [name, dataset] of Object.entries(datasets)) {
    const fault = faultOfName(name);
    if (fault !== undefined) document.reportAt(['datasets', name], fault);
    if ('sql' in dataset) checkParameters(dataset, ['datasets', name], document);
    const { refresh } = dataset;
    if (refresh === undefined) continue;
    const { every, cron } = refresh;
    const place = ['datasets', name, 'refresh'];
    if (every !== undefined && cron !== undefined) {
      document.reportAt(place, '"refresh" has both "every" and "cron".', 'Keep one.');
      continue;
    }
    // What says how, and not when, holds for the loads that changed files begin.
    if (Object.keys(refresh).length === 0) {
      document.reportAt(
        place,
        '"refresh" does not say when.',
        'Write { every: 30s }, or { cron: "*/5 * * * *" }.',
      );
      continue;
    }
    const { when } = scheduleOf(refresh);
    const told = when === null ? undefined : faultOfWhen(when, Date.now());
    if (told !== undefined) document.reportAt([...place, every ? 'every' : 'cron'], told);
  }
}

/** In an address two dots are a step along a path, however they are encoded. */
function faultOfName(name: string): string | undefined {
  if (name === '') return 'A dataset needs a name.';
  if (name === '.' || name === '..') return `"${name}" cannot be the name of a dataset.`;
  if (/\p{Cs}/u.test(name)) return 'The name of a dataset holds half of a character.';
  if (name.length > MAX_NAME) return `The name of a dataset is longer than ${MAX_NAME} characters.`;
  return undefined;
}
