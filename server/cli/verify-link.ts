import { parseAddress } from '../../protocol/address/address.js';
import type { DatasetInfo } from '../../protocol/dataset.js';
import type { Query } from '../../protocol/query.js';
import { openingQuery } from '../../protocol/view/plot-query.js';
import { resolvePlot } from '../../protocol/view/resolve-plot.js';
import { decodeJsonParameter } from '../http/base64url.js';
import { printable } from './printable.js';
import { usageError } from './exit-codes.js';

/** Finds a dataset by its name, as a snapshot has it where the link is pinned to one: a page's address leaves to its columns what the person did not choose. */
export type FindDataset = (name: string, snapshot: string | undefined) => Promise<DatasetInfo>;

/** A frame as a person names it: by the address of a page or of the frame, or by a file with a query. */
export interface Link {
  /** Where it is served, base path included; absent for a file. */
  server: string | undefined;
  query(find: FindDataset): Promise<Query>;
}

export async function readLink(
  text: string,
  readText: (path: string) => Promise<string>,
): Promise<Link> {
  if (/^https?:\/\//iu.test(text)) return readAddress(text);
  const json = await readText(text).catch((error: NodeJS.ErrnoException) => {
    throw usageError(
      error.code === 'ENOENT'
        ? `There is no file ${printable(text)}.`
        : `${printable(text)} cannot be read.`,
      'A link is the address of a page or of a frame, or a file that holds a query.',
    );
  });
  let query: Query;
  try {
    query = JSON.parse(json) as Query;
  } catch {
    throw usageError(`${printable(text)} holds no query: it is not JSON.`);
  }
  return { server: undefined, query: async () => query };
}

function readAddress(text: string): Link {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw usageError(`"${printable(text)}" is not an address.`);
  }
  const { origin, pathname, search, searchParams } = url;
  const frame = /^(.*)\/api\/v1\/frame(?:\.\w+)?$/u.exec(pathname);
  if (frame !== null) {
    const q = searchParams.get('q');
    if (q === null) throw usageError('The address of the frame has no query: "q" is missing.');
    const query = decodeJsonParameter('q', q) as Query;
    return { server: `${origin}${frame[1]}`, query: async () => query };
  }
  const at = pathname.indexOf('/explore/');
  const page = at < 0 ? null : parseAddress(`${pathname.slice(at + 1)}${search}`);
  if (page === null) {
    throw usageError(
      `"${printable(text)}" is the address of neither a page nor a frame.`,
      'A page is at …/explore/DATASET?…, a frame at …/api/v1/frame?q=….',
    );
  }
  const { view } = page;
  return {
    server: `${origin}${pathname.slice(0, at)}`,
    async query(find) {
      const dataset = await find(view.dataset, view.snapshot);
      const snapshot = view.snapshot ?? dataset.snapshot ?? '';
      return openingQuery(resolvePlot(view, dataset), view.dataset, snapshot);
    },
  };
}
