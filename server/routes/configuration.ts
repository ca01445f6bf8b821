import { Type } from 'typebox';
import { ConfigProblem } from '../../protocol/config/problem.js';
import type { App, AppParts } from './parts.js';

/** Whether the configuration file is valid as it is now. What it says is not told: it holds paths of this machine. */
export function configurationRoutes(app: App, { configuration }: AppParts): void {
  app.get(
    '/config',
    {
      schema: {
        summary: 'What is wrong with the configuration file',
        response: {
          200: Type.Object({
            file: Type.Union([Type.String(), Type.Null()]),
            problems: Type.Array(ConfigProblem),
          }),
        },
      },
    },
    async (_request, reply) => {
      const { file, problems } = configuration();
      return reply.header('cache-control', 'no-cache').send({ file, problems: [...problems] });
    },
  );
}
