import { durationMs } from '../../../protocol/config/duration.js';
import { checkAddress } from '../../loader/follow-references.js';
import { hasReference } from '../references.js';
import { bytesOf, csvOptionsOf, readingOf } from '../reading.js';
import type { MakeSource } from './kind.js';

/** A file at an address. */
export const urlSource: MakeSource<'url'> = (dataset, { name, references: { dir } }) => {
  const { url: href, headers, format, idle, strict = false } = dataset;
  if (!hasReference(href)) checkAddress(name, href, /^https?:$/u, 'an http or https address');
  return {
    name,
    kind: 'url',
    files: [],
    united: false,
    csv: csvOptionsOf(dataset),
    strict,
    referencesFrom: dir,
    url: {
      href,
      ...(headers === undefined ? {} : { headers }),
      ...(format === undefined ? {} : { format }),
      ...(idle === undefined ? {} : { idleMs: durationMs(idle) }),
      ...bytesOf(dataset),
    },
    ...readingOf(dataset),
  };
};
