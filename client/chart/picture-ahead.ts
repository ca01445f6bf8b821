import { buildPicture, type BuildParts } from './build-picture.js';
import type { CanvasLayer } from './canvas-layer.js';
import { sameShades } from './chart-spec.js';
import type { Picture } from './picture.js';

/** A picture that was made before it is shown, and what of. */
export interface Ahead {
  parts: BuildParts;
  picture: Picture;
}

/** Makes a picture before it is shown, and has the worker draw it where it can; undefined where that has failed. */
export async function pictureAhead(
  parts: BuildParts,
  layer: CanvasLayer,
): Promise<Ahead | undefined> {
  const picture = buildPicture(parts);
  const drawing = layer.drawAhead(picture);
  return drawing === undefined || (await drawing) ? { parts, picture } : undefined;
}

/** The picture of `parts`: the one that was made ahead, where nothing was chosen meanwhile that another is needed for. */
export const pictureOf = (parts: BuildParts, ahead: Ahead | undefined): Picture =>
  ahead !== undefined && isPaintedAlike(ahead.parts, parts) ? ahead.picture : buildPicture(parts);

const isPaintedAlike = (a: BuildParts, b: BuildParts): boolean =>
  a.theme === b.theme &&
  a.ratio === b.ratio &&
  a.chartWidth === b.chartWidth &&
  a.chartHeight === b.chartHeight &&
  sameShades(a.spec, b.spec);
