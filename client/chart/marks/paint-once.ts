import type { Stage } from '../picture.js';
import { IN_MEMORY } from '../render/cpu.js';
import { placementOf, type View } from '../view.js';

type Paint = (context: CanvasRenderingContext2D, stage: Stage) => void;

/** What is off 1 by less is no zoom: over a plot area it is less than a hundredth of a pixel. */
const NO_ZOOM = 1e-6;

/**
 * Paints marks whose own view is `view` once, and lays that painting down where the axes were moved to since, at whole pixels, until
 * the next frame is there. At another zoom the marks are painted anew each time.
 */
export function paintOnce(view: View, paint: Paint): Paint {
  let painting: { canvas: HTMLCanvasElement; ratio: number } | undefined;

  function paintingFor({ width, height, ratio }: Stage): HTMLCanvasElement {
    const before = painting;
    if (
      before?.ratio === ratio &&
      before.canvas.width === width &&
      before.canvas.height === height
    ) {
      return before.canvas;
    }
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    paint(canvas.getContext('2d', IN_MEMORY)!, { width, height, ratio, view });
    painting = { canvas, ratio };
    return canvas;
  }

  return (context, stage) => {
    const { scaleX, scaleY, offsetX, offsetY } = placementOf(
      view,
      stage.view,
      stage.width,
      stage.height,
    );
    if (Math.abs(scaleX - 1) > NO_ZOOM || Math.abs(scaleY - 1) > NO_ZOOM) paint(context, stage);
    else context.drawImage(paintingFor(stage), Math.round(offsetX), Math.round(offsetY));
  };
}
