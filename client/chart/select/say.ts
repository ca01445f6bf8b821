/** Has screen readers say `words`: what a key has come to, which is seen but is no element. */
export function say(element: HTMLElement, words: string): void {
  let status = element.querySelector<HTMLElement>(':scope > .halftone-said');
  if (status === null) {
    status = document.createElement('div');
    status.className = 'halftone-said';
    status.setAttribute('role', 'status');
    // There, but for those who see: a pixel that shows nothing.
    Object.assign(status.style, {
      position: 'absolute',
      width: '1px',
      height: '1px',
      overflow: 'hidden',
      clipPath: 'inset(50%)',
      whiteSpace: 'nowrap',
    });
    element.append(status);
  }
  status.textContent = words;
}
