import { Type, type TString } from 'typebox';

/**
 * A text that may be secret: it is never shown, logged or stored. `${env:NAME}` and `${file:PATH}` in it are looked up
 * only where it is used; in every other text they are replaced when the file is read.
 */
export function SecretText(options: { description: string }): TString {
  return Type.String({ minLength: 1, secret: true, ...options });
}

/** A length of time: a number and one of ms, s, m, h, d, w. */
export function Duration(options: { description: string; default?: string }): TString {
  return Type.String({
    pattern: '^\\d+(?:\\.\\d+)?\\s*(?:ms|s|m|h|d|w)$',
    title: 'a length of time such as 500ms, 30s, 5m, 12h, 7d or 2w',
    ...options,
  });
}

/** A number of bytes. */
export function Bytes(options: { description: string; default?: string }): TString {
  return Type.String({
    pattern: '^\\d+(?:\\.\\d+)?\\s*(?:[kKMGT]i?)?B$',
    title: 'a number of bytes such as 500MB or 2GiB',
    ...options,
  });
}

/** An IANA time zone. */
export function TimeZone(options: { description: string; default?: string }): TString {
  return Type.String({
    minLength: 1,
    format: 'time-zone',
    title: 'an IANA time zone such as Europe/Berlin or UTC',
    ...options,
  });
}
