import { SNAPSHOT_HEADER } from '../../protocol/media.js';
import { Query } from '../../protocol/query.js';
import { Verification } from '../../protocol/verification.js';
import { answerQuery, takeQuery } from '../frames/answer-query.js';
import { withdrawnSignal } from '../http/withdrawn.js';
import { refuseComparison } from '../verify/verifier.js';
import type { App, AppParts } from './parts.js';

/** A frame held against plain SQL over its source. */
export function verifyRoutes(app: App, parts: AppParts): void {
  app.post(
    '/verify',
    {
      schema: {
        summary: 'A frame held against plain SQL over its source',
        body: Query,
        response: { 200: Verification },
      },
      // checkQuery names the field and the value better than a schema can.
      validatorCompiler: () => () => true,
    },
    async (request, reply) => {
      const asked = takeQuery(parts, request.body);
      refuseComparison(asked.query);
      const signal = withdrawnSignal(reply);
      const source = parts.catalog.boundSource(asked.query.dataset);
      // What is proved is the exact answer, also of a query that would take a sample meanwhile.
      const { fast: _, ...exact } = asked;
      const { entry } = await answerQuery(parts, exact, signal);
      const { snapshot, canonical: query, key } = exact;
      const { frame } = entry;
      const verified = await parts.verifier.verify({ source, snapshot, query, key, frame }, signal);
      return reply
        .headers({ [SNAPSHOT_HEADER]: snapshot.manifest.id, 'cache-control': 'no-store' })
        .send(verified);
    },
  );
}
