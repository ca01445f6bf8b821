/**
 * Hands properties that a page or a framework has set before the element was known to its accessors, in the order of `names`: until then they are
 * plain values of the element, which hide them.
 */
export function takeSetBefore<E extends HTMLElement>(
  element: E,
  names: readonly (keyof E)[],
): void {
  for (const name of names) {
    if (!Object.hasOwn(element, name)) continue;
    const value = element[name];
    delete (element as Partial<E>)[name];
    element[name] = value;
  }
}
