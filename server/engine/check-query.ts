import { Query } from '../../protocol/query.js';
import { HalftoneError } from '../errors.js';
import { checkAgainst } from './check-against.js';
import { checkBand } from './check-band.js';
import { checkFilters } from './check-filters.js';
import { checkSchema, shown } from './check-schema.js';

/**
 * Checks what a client sent as a query, without knowing the dataset's columns. Throws QUERY_INVALID or
 * LIMIT_EXCEEDED with the field, what is allowed, and what was given.
 */
export function checkQuery(value: unknown): Query {
  checkSchema(Query, value, '');
  const query = value as Query;
  checkFilters(query.filters ?? []);
  if (query.against !== undefined) checkAgainst(query);
  if (query.band !== undefined) checkBand(query);
  for (const field of ['x', 'y'] as const) {
    const domain = query.domain?.[field];
    if (domain?.length === 0) {
      throw new HalftoneError('QUERY_INVALID', `"domain.${field}" must not be empty.`, {
        field: `domain.${field}`,
        hint: 'Give [low, high], or the values of a category axis, or leave it out.',
      });
    }
  }
  if (query.timeZone !== undefined) checkTimeZone(query.timeZone);
  return query;
}

function checkTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone }).format(0);
  } catch {
    throw new HalftoneError(
      'QUERY_INVALID',
      `"timeZone" must be an IANA time zone, got ${shown(timeZone)}.`,
      {
        field: 'timeZone',
        hint: 'For example "UTC" or "Europe/Berlin".',
      },
    );
  }
}
