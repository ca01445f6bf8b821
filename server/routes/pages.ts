import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { App, AppParts } from './parts.js';

/** The built client: pages with a `<base>`, so that every address in them is relative, and its hashed assets. */
export async function pageRoutes(app: App, { config }: AppParts): Promise<void> {
  const { clientDir, basePath } = config;
  const page = await readFile(join(clientDir, 'index.html'), 'utf8').catch(() => NO_CLIENT);
  const html = page.replace(/<head>/iu, (head) => `${head}<base href="${basePath}">`);

  for (const url of ['/', '/index.html', '/explore', '/explore/*', '/d/*', '/jobs']) {
    app.get(url, { schema: { hide: true } }, (_request, reply) =>
      reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(html),
    );
  }
  await app.register(fastifyStatic, {
    root: clientDir,
    // No index, no listing: the pages above are all there is.
    index: false,
    dotfiles: 'ignore',
    // Nothing is there, and no more is said.
    allowedPath: (path) => !/\0|(?:^|[/\\])\.\.(?:[/\\]|$)/u.test(path),
    cacheControl: false,
    decorateReply: false,
    // The build has put a brotli beside every script and style.
    preCompressed: true,
    setHeaders(reply, path) {
      const isHashed = path.startsWith(join(clientDir, 'assets'));
      void reply.header(
        'cache-control',
        isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
}

const NO_CLIENT = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Halftone</title></head>
<body><p>The page has not been built. Run <code>npm run build</code>; the API is there all the same.</p></body></html>`;
