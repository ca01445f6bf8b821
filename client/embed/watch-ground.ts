const DARK_MEDIA = '(prefers-color-scheme: dark)';

/**
 * Calls `onTurn` when a page may have turned light or dark: with the system, by an attribute of `<html>` or `<body>` (`class`, `style`,
 * `data-theme`), and when the background of either, or of anything around `element`, has changed over slowly. Returns what ends it.
 */
export function watchGround(element: Element, onTurn: () => void): () => void {
  const { documentElement, body } = element.ownerDocument;
  const media = globalThis.matchMedia(DARK_MEDIA);
  const attributes = new MutationObserver(onTurn);
  const onTransition = ({ target, propertyName }: TransitionEvent): void => {
    const isRoot = target === documentElement || target === body;
    const isAround = isRoot || (target as Element).contains(element);
    if (isAround && propertyName === 'background-color') onTurn();
  };
  media.addEventListener('change', onTurn);
  for (const root of [documentElement, body]) attributes.observe(root, { attributes: true });
  documentElement.addEventListener('transitionend', onTransition);
  return () => {
    media.removeEventListener('change', onTurn);
    attributes.disconnect();
    documentElement.removeEventListener('transitionend', onTransition);
  };
}
