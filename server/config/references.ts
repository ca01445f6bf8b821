import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** Where references are looked up. */
export interface ReferencePlace {
  env: Readonly<Record<string, string | undefined>>;
  /** Relative paths of `${file:PATH}` are counted from here. */
  dir: string;
}

/** A reference that cannot be followed; its message never holds what others gave. */
export class ReferenceError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** A secret is a line or two, and a file that is not one should not be read whole. */
const MAX_FILE_BYTES = 1024 * 1024;
const REFERENCE = /\$(\$\{)|\$\{([^}]*)\}?/gu;

/** Tells whether a text refers to something outside of the file. */
export function hasReference(text: string): boolean {
  return text.includes('${');
}

/**
 * Puts what `${env:NAME}` and `${file:PATH}` stand for in their place; `$${` is a plain `${`. The last newline of a file does not count.
 * Throws a ReferenceError.
 */
export function resolveReferences(text: string, { env, dir }: ReferencePlace): string {
  return text.replaceAll(REFERENCE, (whole: string, escaped: string | undefined, inner: string) => {
    if (escaped !== undefined) return escaped;
    const match = /^(env|file):(.+)$/su.exec(inner);
    if (!whole.endsWith('}') || match === null) throw noReference(whole, inner);
    const [, kind, name] = match as unknown as [string, string, string];
    return kind === 'env' ? fromEnvironment(name, env) : fromFile(name, dir);
  });
}

function fromEnvironment(name: string, env: ReferencePlace['env']): string {
  const value = env[name];
  if (value !== undefined) return value;
  throw new ReferenceError(`The environment variable "${name}" is not set.`);
}

function fromFile(path: string, dir: string): string {
  const full = resolve(dir, path);
  try {
    if (statSync(full).size > MAX_FILE_BYTES) {
      throw new ReferenceError(`The file "${path}" is too large to hold a value.`);
    }
    return readFileSync(full, 'utf8').replace(/\r?\n$/u, '');
  } catch (error) {
    if (error instanceof ReferenceError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ENOENT'
      ? new ReferenceError(
          `There is no file "${path}".`,
          'Relative paths begin at the folder of the configuration.',
        )
      : new ReferenceError(`The file "${path}" cannot be read (${code ?? 'unknown'}).`);
  }
}

function noReference(whole: string, inner: string): ReferenceError {
  const name = /^\w+$/u.test(inner) ? inner : 'NAME';
  return new ReferenceError(
    `"${whole}" refers to nothing.`,
    `Write "\${env:${name}}" or "\${file:PATH}", or "$\${" for the signs themselves.`,
  );
}
