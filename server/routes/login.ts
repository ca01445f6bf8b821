import { API } from '../../protocol/media.js';
import Type from 'typebox';
import { HalftoneError } from '../errors.js';
import type { App, AppParts } from './parts.js';

/** The one-time link: it puts a cookie into the browser that stands for the token. Only with a token in force. */
export function loginRoutes(app: App, { access, config }: AppParts): void {
  if (access === undefined) return;

  app.get(
    '/login',
    {
      schema: {
        summary: 'A one-time link',
        querystring: Type.Object({ code: Type.Optional(Type.String()) }),
      },
    },
    async (request, reply) => {
      const { code } = request.query;
      if (code === undefined || !access.redeem(code)) {
        throw new HalftoneError(
          'TOKEN_REQUIRED',
          'This link has been used before, or was never given.',
          {
            hint: 'Ask for a new one: POST api/v1/links with the token.',
          },
        );
      }
      // A page and not a redirect: after a click in another site's page, a browser keeps a strict cookie from
      // the redirect's target, but sends it with what our own page opens.
      return reply
        .headers({ 'set-cookie': access.cookie(config.basePath), 'cache-control': 'no-store' })
        .type('text/html; charset=utf-8')
        .send(
          `<!doctype html><meta charset="utf-8"><title>Halftone</title>` +
            `<meta http-equiv="refresh" content="0;url=${config.basePath}"><a href="${config.basePath}">Open Halftone</a>`,
        );
    },
  );

  app.post(
    `/${API}/links`,
    {
      schema: {
        summary: 'Makes a one-time link for another browser',
        response: { 201: Type.Object({ link: Type.String() }) },
      },
    },
    async (_request, reply) =>
      reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ link: `login?code=${access.createCode()}` }),
  );
}
