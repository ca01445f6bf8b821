import { Type } from 'typebox';
import { JobInfo } from '../../protocol/job.js';
import { followed, refreshInfo } from '../jobs/refresh-info.js';
import type { App, AppParts } from './parts.js';
import { refuseReadOnly } from './read-only.js';

/** Runs that are told with each dataset: enough to see how long they take. */
const SHOWN_RUNS = 30;

const Name = Type.Object({ name: Type.String() });

/** Every dataset with its schedule and its last runs; pausing and resuming schedules. */
export function jobRoutes(app: App, { catalog, config, jobs, runs }: AppParts): void {
  const tell = (name: string): JobInfo => ({
    dataset: name,
    refresh: refreshInfo(catalog.source(name), jobs) ?? null,
    follows: followed(catalog.source(name)),
    runs: runs.list(name).slice(0, SHOWN_RUNS),
  });

  app.get(
    '/jobs',
    {
      schema: {
        summary: 'Every dataset with its schedule and its last runs',
        response: { 200: Type.Object({ jobs: Type.Array(JobInfo) }) },
      },
    },
    async (_request, reply) =>
      reply
        .header('cache-control', 'no-cache')
        .send({ jobs: catalog.sources().map(({ name }) => tell(name)) }),
  );

  app.post(
    '/datasets/:name/pause',
    {
      schema: {
        summary: 'Takes the schedule of a dataset out of force until it is resumed',
        params: Name,
        response: { 200: JobInfo },
      },
    },
    async (request, reply) => {
      refuseReadOnly(config, 'pause schedules');
      const { name } = request.params;
      await jobs.pause(name);
      return reply.send(tell(name));
    },
  );

  app.delete(
    '/datasets/:name/pause',
    {
      schema: {
        summary: 'Puts the schedule of a dataset in force again',
        params: Name,
        response: { 200: JobInfo },
      },
    },
    async (request, reply) => {
      refuseReadOnly(config, 'resume schedules');
      const { name } = request.params;
      await jobs.resume(name);
      return reply.send(tell(name));
    },
  );
}
