import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { HalftoneError } from '../../../errors.js';
import type { SourceVersion } from '../../../snapshots/manifest.js';
import type { LoadOutcome, PullContext } from '../../context.js';
import { publicUrl } from '../../public-options.js';
import { loadPulled } from '../load-pulled.js';
import { fileNameOf } from './file-name.js';
import { request, type Answer } from './request.js';
import { saveBody } from './save-body.js';

/** A server that is silent for longer has failed. */
const IDLE_MS = 30_000;
/** More than this is not meant. */
const MAX_BYTES = 64 * 2 ** 30;

/** Loads what a web server gives for an address; undefined where it says that it is what it was. */
export async function pullUrl(context: PullContext): Promise<LoadOutcome | undefined> {
  const { signal, previous, tempDir, source } = context;
  const { href, headers = {}, format, idleMs = IDLE_MS, maxBytes = MAX_BYTES } = source.url!;
  const answer = await request(href, {
    headers: { ...conditions(previous), ...headers },
    idleMs,
    signal,
  });
  const { statusCode: status, headers: told } = answer.response;
  if (status === 304 && previous !== undefined) {
    answer.response.destroy();
    return undefined;
  }
  if (status !== 200) {
    answer.response.destroy();
    throw refused(answer);
  }
  const path = join(tempDir, fileNameOf(answer.url, told['content-type']));
  await saveBody(answer, path, maxBytes, context);
  const outcome = await loadPulled(context, path, format);
  return { ...outcome, ...versionOf(answer.response) };
}

function conditions(previous: SourceVersion | undefined): Record<string, string> {
  const { etag, lastModified } = previous ?? {};
  return {
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
    // A server that knows tags takes no notice of it.
    ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
  };
}

function versionOf({ headers }: IncomingMessage): { version?: SourceVersion } {
  const { etag, 'last-modified': lastModified } = headers;
  if (etag === undefined && lastModified === undefined) return {};
  return {
    version: {
      ...(etag === undefined ? {} : { etag }),
      ...(lastModified === undefined ? {} : { lastModified }),
    },
  };
}

function refused({ url, response }: Answer): HalftoneError {
  const { statusCode: status = 0, statusMessage = '' } = response;
  const where = publicUrl(url.href);
  const answered = `${where} answered ${status} ${statusMessage}`.trimEnd();
  if (status === 401 || status === 403) {
    return new HalftoneError('SOURCE_REFUSED', `${answered}: it does not let us in.`, {
      hint: 'Check the user, the password or the headers of the dataset.',
    });
  }
  if (status === 404 || status === 410) {
    return new HalftoneError('SOURCE_MISSING', `${answered}: there is nothing at this address.`);
  }
  return new HalftoneError('SOURCE_UNREACHABLE', `${answered} in place of its data.`);
}
