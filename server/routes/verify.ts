import { SNAPSHOT_HEADER } from '../../protocol/media.js';
import { Query } from '../../protocol/query.js';
import { Verification } from '../../protocol/verification.js';
import { HalftoneError } from '../errors.js';
import { answerQuery, takeQuery } from '../frames/answer-query.js';
import { withdrawnSignal } from '../http/withdrawn.js';
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
      if (asked.query.against !== undefined) {
        throw new HalftoneError('VERIFY_UNSUPPORTED', 'A comparison is not verified as a whole.', {
          field: 'against',
          hint: 'Verify the two frames: the query without "against", and with what it names in place.',
        });
      }
      const signal = withdrawnSignal(reply);
      const source = parts.catalog.source(asked.query.dataset);
      const { entry } = await answerQuery(parts, asked, signal);
      const { snapshot, canonical: query, key } = asked;
      const { frame } = entry;
      const verified = await parts.verifier.verify({ source, snapshot, query, key, frame }, signal);
      return reply
        .headers({ [SNAPSHOT_HEADER]: snapshot.manifest.id, 'cache-control': 'no-store' })
        .send(verified);
    },
  );
}
