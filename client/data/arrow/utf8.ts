/** Reads text of a frame. A text keeps the sign U+FEFF that it begins with: without it, it would be another value. */
export const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
