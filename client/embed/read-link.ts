import { parseAddress } from '../../protocol/address/address.js';
import type { View } from '../../protocol/address/view.js';

/** A link to a picture: where it is served, and what it shows. */
export interface PictureLink {
  /** With its base path and a slash at the end. */
  server: string;
  view: View;
  /** What of it could not be used, in sentences. */
  faults: string[];
}

/**
 * Reads a link such as `https://viz.example.org/explore/flights?mark=scatter`. One that names no server is read against `server`,
 * or the page's own address. Throws where it leads to no picture.
 */
export function readLink(link: string, server: string): PictureLink {
  const url = new URL(link, server);
  // A base path may itself hold the word: the last one is the page's.
  const at = url.pathname.lastIndexOf('/explore/');
  const address = url.pathname.slice(at + 1) + url.search;
  const parsed = at < 0 ? null : parseAddress(address);
  if (parsed === null) {
    throw new Error(`“${link}” is no link to a picture: it has to hold /explore/ and a dataset.`);
  }
  return {
    server: url.origin + url.pathname.slice(0, at + 1),
    view: parsed.view,
    faults: parsed.faults.map(
      ({ parameter, value, reason }) => `${parameter}=${value} is ignored: ${reason}`,
    ),
  };
}
