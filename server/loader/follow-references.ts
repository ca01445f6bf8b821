import {
  hasReference,
  ReferenceError,
  resolveReferences,
  type ReferencePlace,
} from '../config/references.js';
import { HalftoneError } from '../errors.js';
import type { DatasetSource } from './source.js';

/**
 * A pulled source with what the references in its secrets stand for now: a new password is used with the next run. Throws
 * SOURCE_INVALID, which names the reference and never a value.
 */
export function followReferences(source: DatasetSource, env: ReferencePlace['env']): DatasetSource {
  const { name, referencesFrom, command, url, postgres } = source;
  const place = referencesFrom === undefined ? undefined : { env, dir: referencesFrom };
  try {
    const text = (value: string): string =>
      place === undefined || !hasReference(value) ? value : resolveReferences(value, place);
    const address = (value: string): string =>
      place === undefined ? value : resolveAddress(value, place);
    const every = (values: Readonly<Record<string, string>> = {}): Record<string, string> =>
      Object.fromEntries(Object.entries(values).map(([key, value]) => [key, text(value)]));
    const followed = {
      ...source,
      ...(command === undefined ? {} : { command: { ...command, env: every(command.env) } }),
      ...(url === undefined
        ? {}
        : { url: { ...url, href: address(url.href), headers: every(url.headers) } }),
      ...(postgres === undefined
        ? {}
        : {
            postgres: {
              ...postgres,
              ...(postgres.url === undefined ? {} : { url: address(postgres.url) }),
              ...(postgres.password === undefined ? {} : { password: text(postgres.password) }),
            },
          }),
    };
    checkAddress(name, followed.url?.href, /^https?:$/u, 'an http or https address');
    checkAddress(name, followed.postgres?.url, /^postgres(?:ql)?:$/u, 'a postgres:// address');
    return followed;
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const { message, hint } = error;
    throw new HalftoneError('SOURCE_INVALID', `"${name}": ${message}`, { hint });
  }
}

const REFERENCE = /\$\{[^}]*\}/gu;
/** The part of an address that says who asks, up to its `@`; a reference in it may hold any sign. */
const WHO = /^([a-z+]+:\/\/)((?:\$\{[^}]*\}|[^/?#@$])+)@/iu;

/** A user or password behind a reference is taken as it is: its signs do not end that part of the address. */
function resolveAddress(address: string, place: ReferencePlace): string {
  const who = WHO.exec(address);
  if (who === null) return resolveReferences(address, place);
  const [whole, scheme, login] = who as unknown as [string, string, string];
  const encoded = login.replaceAll(REFERENCE, (one) =>
    encodeURIComponent(resolveReferences(one, place)),
  );
  return `${scheme}${encoded}@${resolveReferences(address.slice(whole.length), place)}`;
}

/** Refuses what is no address, without showing it. One with references is looked at once they are followed. */
export function checkAddress(
  name: string,
  address: string | undefined,
  protocol: RegExp,
  wanted: string,
): void {
  if (address === undefined) return;
  if (URL.canParse(address) && protocol.test(new URL(address).protocol)) return;
  throw new HalftoneError('SOURCE_INVALID', `"${name}" does not have ${wanted}.`);
}
