import type { FastifyError, FastifyRequest } from 'fastify';
import { shown } from '../engine/check-schema.js';
import { HalftoneError } from '../errors.js';

type Fault = NonNullable<FastifyError['validation']>[number];

/** Parts of a request that have a schema, by Fastify's names for them. */
const PARTS = { querystring: 'query', body: 'body', params: 'params', headers: 'headers' } as const;

/** Says what a schema found wrong: the field, what it has to be, and what was given. */
export function invalidField(
  { validation = [], validationContext = 'body' }: FastifyError,
  request: FastifyRequest,
): HalftoneError {
  const { instancePath, keyword, message = 'is not valid', params } = validation[0]!;
  const path = instancePath.split('/').slice(1).map(unescapePointer);
  const part = PARTS[validationContext as keyof typeof PARTS] ?? 'body';
  const noun = part === 'query' ? 'parameter' : 'field';
  const nameOf = (name: string) => [...path, name].join('.');
  if (keyword === 'additionalProperties') {
    const field = nameOf(String(params['additionalProperty']));
    return new HalftoneError('QUERY_INVALID', `There is no ${noun} "${field}" here.`, { field });
  }
  if (keyword === 'required') {
    const field = nameOf(String(params['missingProperty']));
    return new HalftoneError('QUERY_INVALID', `The ${noun} "${field}" is missing.`, { field });
  }
  const given = path.reduce<unknown>(
    (value, name) => (value as Record<string, unknown> | undefined)?.[name],
    request[part],
  );
  const subject = path.length === 0 ? 'The body' : `The ${noun} "${path.join('.')}"`;
  const wanted = keyword === 'const' ? `must be ${choices(validation)}` : message;
  return new HalftoneError('QUERY_INVALID', `${subject} ${wanted}, got ${shown(given)}.`, {
    field: path.length === 0 ? undefined : path.join('.'),
  });
}

/** The members of a union of constants: each has a fault of its own. */
function choices(faults: readonly Fault[]): string {
  return faults
    .filter(({ keyword }) => keyword === 'const')
    .map(({ params }) => JSON.stringify(params['allowedValue']))
    .join(' or ');
}

/** A JSON pointer (RFC 6901) writes `/` and `~` in other signs. */
const unescapePointer = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');
