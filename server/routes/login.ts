import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { API } from '../../protocol/media.js';
import { HalftoneError } from '../errors.js';
import type { App, AppParts } from './parts.js';

/** The one-time link: it puts a cookie into the browser that stands for the token. Only with a token in force. */
export function loginRoutes(app: App, { access, config }: AppParts): void {
  if (access === undefined) return;

  const { basePath } = config;

  // A page and not a redirect: after a click in another site's page, a browser keeps a strict cookie from the
  // redirect's target, but sends it with what our own page opens.
  const enter = (request: FastifyRequest, reply: FastifyReply) =>
    reply
      .headers({
        'set-cookie': access.cookie(basePath, request.protocol === 'https'),
        'cache-control': 'no-store',
      })
      .type('text/html; charset=utf-8')
      .send(
        `<!doctype html><meta charset="utf-8"><title>Halftone</title>` +
          `<meta http-equiv="refresh" content="0;url=${basePath}"><a href="${basePath}">Open Halftone</a>`,
      );

  app.get(
    '/login',
    {
      // HEAD changes nothing, so it may not use the link up.
      exposeHeadRoute: false,
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
      return enter(request, reply);
    },
  );

  void app.register((form: App, _options, done) => {
    form.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      (_request, text, parsed) =>
        parsed(null, Object.fromEntries(new URLSearchParams(String(text)))),
    );
    form.post(
      '/login',
      { schema: { summary: 'Signs in by the token', body: Type.Object({ token: Type.String() }) } },
      async (request, reply) => {
        if (access.isToken(request.body.token)) return enter(request, reply);
        throw new HalftoneError('TOKEN_REQUIRED', 'This is not the token.', {
          hint: 'It was given with --token or in HALFTONE_TOKEN.',
        });
      },
    );
    done();
  });

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
