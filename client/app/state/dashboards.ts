import { signal, type ReadonlySignal } from '@preact/signals';
import type { ConfigProblem } from '../../../protocol/config/problem.js';
import type { DashboardInfo, DashboardSummary } from '../../../protocol/dashboard.js';

/** The dashboards of the configuration, kept current by the server's events. */
export interface Dashboards {
  /** Null until the first answer. */
  readonly list: ReadonlySignal<readonly DashboardSummary[] | null>;
  /** What is wrong with the configuration file as it is now; the last valid one is in force meanwhile. */
  readonly problems: ReadonlySignal<readonly ConfigProblem[]>;
  /** Counts the changes of the configuration and of the datasets that dashboards may name. */
  readonly version: ReadonlySignal<number>;
  load(name: string, signal: AbortSignal): Promise<DashboardInfo>;
  /** Asks again: the configuration was read anew. */
  refresh(): Promise<void>;
}

/** What the server lends to it. */
export interface DashboardsParts {
  list: () => Promise<readonly DashboardSummary[]>;
  problems: () => Promise<readonly ConfigProblem[]>;
  load: Dashboards['load'];
}

export function createDashboards({
  list: askList,
  problems: askProblems,
  load,
}: DashboardsParts): Dashboards {
  const list = signal<readonly DashboardSummary[] | null>(null);
  const problems = signal<readonly ConfigProblem[]>([]);
  const version = signal(0);

  async function refresh(): Promise<void> {
    const [found, wrong] = await Promise.allSettled([askList(), askProblems()]);
    // Without an answer what is known stays: that the server cannot be reached is told elsewhere.
    if (found.status === 'fulfilled') list.value = found.value;
    if (wrong.status === 'fulfilled') problems.value = wrong.value;
    version.value++;
  }

  return { list, problems, version, load, refresh };
}
