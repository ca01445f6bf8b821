import { Type } from 'typebox';
import {
  DashboardInfo,
  DashboardSummary,
  type Dashboard,
  type DashboardProblem,
} from '../../protocol/dashboard.js';
import { pagesOf } from '../../protocol/dashboard/pages.js';
import { checkColumns } from '../dashboards/check-columns.js';
import { textOfPath } from '../dashboards/fault.js';
import { HalftoneError } from '../errors.js';
import { nearest } from '../nearest.js';
import type { App, AppParts } from './parts.js';

/** The dashboards of the configuration that is in force. */
export function dashboardRoutes(app: App, { configuration, catalog }: AppParts): void {
  const all = (): Record<string, Dashboard> => configuration().config?.dashboards ?? {};

  /** What does not fit the datasets as they are now, each with its place in the file. */
  function problemsOf(name: string, dashboard: Dashboard): DashboardProblem[] {
    const { file, placeOf } = configuration();
    return checkColumns(dashboard, catalog.list()).map(({ path, ...told }) => {
      const line = placeOf?.(['dashboards', name, ...path])?.line;
      return {
        path: textOfPath(path),
        ...told,
        ...(file === null || line === undefined ? {} : { file, line }),
      };
    });
  }

  app.get(
    '/dashboards',
    {
      schema: {
        summary: 'The dashboards there are',
        response: { 200: Type.Object({ dashboards: Type.Array(DashboardSummary) }) },
      },
    },
    async (_request, reply) => {
      const dashboards = Object.entries(all()).map(([name, dashboard]) => {
        const pages = pagesOf(dashboard);
        const { title = name, description } = dashboard;
        return {
          name,
          title,
          ...(description === undefined ? {} : { description }),
          pages: pages.length,
          charts: pages.flatMap(({ items }) => items).filter(({ id }) => id !== undefined).length,
          problems: problemsOf(name, dashboard).length,
        };
      });
      return reply.header('cache-control', 'no-cache').send({ dashboards });
    },
  );

  app.get(
    '/dashboards/:name',
    {
      schema: {
        summary: 'A dashboard, with what does not fit in it',
        params: Type.Object({ name: Type.String() }),
        response: { 200: DashboardInfo },
      },
    },
    async ({ params: { name } }, reply) => {
      const dashboards = all();
      const dashboard = Object.hasOwn(dashboards, name) ? dashboards[name] : undefined;
      if (dashboard === undefined) {
        const near = nearest(name, Object.keys(dashboards));
        throw new HalftoneError('DASHBOARD_UNKNOWN', `There is no dashboard "${name}".`, {
          hint: near === undefined ? undefined : `Did you mean "${near}"?`,
        });
      }
      const info = { name, dashboard, problems: problemsOf(name, dashboard) };
      return reply.header('cache-control', 'no-cache').send(info);
    },
  );
}
