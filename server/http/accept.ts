/** One choice of an Accept or Accept-Encoding header: a lower-cased name and its weight, 0 to 1. */
export interface Preference {
  name: string;
  weight: number;
}

/** Reads a list of weighted names (RFC 9110, 12.4). Parameters other than `q` are ignored, nonsense weighs 0. */
export function parseAccept(header: string | undefined): Preference[] {
  return (header ?? '')
    .split(',')
    .map((item) => {
      const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
      const q = parameters.find((parameter) => parameter.startsWith('q='));
      const weight = q === undefined ? 1 : Number(q.slice(2));
      return { name, weight: weight >= 0 && weight <= 1 ? weight : 0 };
    })
    .filter(({ name }) => name !== '');
}

/**
 * Picks the offer that the header likes best; the first of equals. Without a header, or when nothing fits, the
 * first offer is given: an answer in another form is worth more than none.
 */
export function chooseMedia<T extends string>(header: string | undefined, offers: readonly T[]): T {
  const preferences = parseAccept(header);
  let best = offers[0]!;
  let bestWeight = 0;
  for (const offer of offers) {
    const weight = mediaWeight(preferences, offer);
    if (weight > bestWeight) {
      best = offer;
      bestWeight = weight;
    }
  }
  return best;
}

/** True for a browser that goes to an address: it names HTML itself, and likes JSON no better. */
export function wantsPage(method: string, { accept }: { accept?: string | undefined }): boolean {
  return (
    (method === 'GET' || method === 'HEAD') &&
    parseAccept(accept).some(({ name, weight }) => name === 'text/html' && weight > 0) &&
    chooseMedia(accept, ['text/html', 'application/json']) === 'text/html'
  );
}

function mediaWeight(preferences: readonly Preference[], media: string): number {
  const wildcard = `${media.slice(0, media.indexOf('/'))}/*`;
  for (const name of [media, wildcard, '*/*']) {
    const found = preferences.find((preference) => preference.name === name);
    if (found !== undefined) return found.weight;
  }
  return 0;
}
