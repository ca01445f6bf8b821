/** Gives the width of texts in CSS pixels, in the font that is asked for each time. */
export function createTextMeasure(font: () => string): (text: string) => number {
  const context = document.createElement('canvas').getContext('2d')!;
  return (text) => {
    context.font = font();
    return context.measureText(text).width;
  };
}
