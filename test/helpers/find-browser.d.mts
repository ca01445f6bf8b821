/** The path of a browser, or undefined where there is none. */
export function findBrowser(): string | undefined;
/** Finds a browser or installs one; undefined, and a line that says what to do, where neither works. */
export function ensureBrowser(): string | undefined;
