/** The width of a character where there is no canvas to measure with, in CSS pixels: most are narrower. */
const USUAL_WIDTH = 7;

/** Gives the width of texts in CSS pixels, in the font that is asked for each time. */
export function createTextMeasure(font: () => string): (text: string) => number {
  const context = document.createElement('canvas').getContext('2d');
  return (text) => {
    if (context === null) return text.length * USUAL_WIDTH;
    context.font = font();
    return context.measureText(text).width;
  };
}
