import { Explanation } from '../../protocol/explanation.js';
import { SNAPSHOT_HEADER } from '../../protocol/media.js';
import { Query } from '../../protocol/query.js';
import { takeQuery } from '../frames/answer-query.js';
import type { App, AppParts } from './parts.js';

/** How a query would be answered, without answering it. */
export function explainRoutes(app: App, parts: AppParts): void {
  app.post(
    '/explain',
    {
      schema: {
        summary: 'How a query would be answered',
        body: Query,
        response: { 200: Explanation },
      },
      // checkQuery names the field and the value better than a schema can.
      validatorCompiler: () => () => true,
    },
    async (request, reply) => {
      const { snapshot, key, canonical, fast } = takeQuery(parts, request.body);
      const { plan, exact } = await parts.engine.plan(snapshot, fast?.canonical ?? canonical);
      const { tier, reason, rows, bytes, others, indexes } = plan;
      const { id, dataset } = snapshot.manifest;
      return reply.headers({ [SNAPSHOT_HEADER]: id, 'cache-control': 'no-store' }).send({
        dataset,
        snapshot: id,
        key,
        cached: parts.frames.has(snapshot, key),
        plan: { tier, reason, rows: Math.round(rows), bytes: Math.round(bytes) },
        others: [...others],
        indexes: [...indexes],
        exact,
      });
    },
  );
}
