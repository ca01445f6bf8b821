import { formatAddress } from '../../protocol/address/address.js';
import { fullExtent } from '../../protocol/view/plot-domain.js';
import { saveFile, toClipboard } from './clipboard.js';
import { edit } from './state/edit.js';
import type { Store } from './store.js';

/** Back to the view that the data suggest; a second time, to the full extent. */
export function fitView({ change }: Store): void {
  change((view, plot) =>
    view.xDomain || view.yDomain
      ? edit(view, { xDomain: undefined, yDomain: undefined })
      : edit(view, fullExtent(plot)),
  );
}

/** Puts the address into the clipboard; the snapshot is not in it, so the link shows what is newest when it is opened. */
export async function copyLink({ navigation, message }: Store): Promise<void> {
  const view = navigation.view.value;
  if (!view) return;
  const link = new URL(formatAddress(view), document.baseURI).href;
  message.value = (await toClipboard(link)) ? 'Link copied' : `Copy this link: ${link}`;
}

/** Saves the picture, axes and marks, under the name of the dataset. */
export async function savePicture(
  { picture, navigation, message }: Store,
  format: 'png' | 'svg' = 'png',
): Promise<void> {
  const name = navigation.view.value?.dataset ?? 'halftone';
  try {
    const chart = picture.value;
    const blob = await (format === 'png' ? chart?.toPng() : chart?.toSvg());
    if (!blob) return;
    saveFile(blob, `${name}.${format}`);
    message.value = 'Picture saved';
  } catch (error) {
    message.value = `The picture could not be saved: ${(error as Error).message}`;
  }
}
