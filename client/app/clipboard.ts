/** Puts text into the clipboard; false where the browser forbids it, as on pages without TLS. */
export async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
