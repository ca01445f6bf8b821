import type { FastifyInstance } from 'fastify';
import { HalftoneError } from '../errors.js';

/**
 * Answers the methods that the addresses in `known` do not have: OPTIONS with the list of those they have, any other with
 * 405 and the same list. Call it last. The address `files` stands for whatever file there may be, and is left out.
 */
export function answerOtherMethods(
  app: FastifyInstance,
  known: ReadonlyMap<string, ReadonlySet<string>>,
  files: string,
): void {
  for (const [url, own] of Array.from(known)) {
    // Fastify lets the root of a prefix end in a slash or not, and tells of one of the two.
    const methods = new Set([...own, ...(known.get(url.replace(/(?<=.)\/$/u, '')) ?? [])]);
    const others = app.supportedMethods.filter((method) => !methods.has(method));
    if (url === files || others.length === 0) continue;
    const allow = [...new Set([...methods, 'OPTIONS'])].sort().join(', ');
    app.route({
      method: others,
      url,
      schema: { hide: true },
      exposeHeadRoute: false,
      // Before the body is read: its kind and size do not matter any more.
      onRequest: (request, reply, done) => {
        reply.header('allow', allow);
        if (request.method === 'OPTIONS') {
          void reply.code(204).send();
          return;
        }
        done(
          new HalftoneError(
            'METHOD_NOT_ALLOWED',
            `This address does not know the method ${request.method}.`,
            { hint: `It knows ${allow}.` },
          ),
        );
      },
      handler: () => undefined,
    });
  }
}
