import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds of serious or critical weight, one line for each element. */
export async function faultsOf(page: Page): Promise<string[]> {
  // Evaluated, not added: the page's policy lets no foreign script in.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, target }) => `${id}: ${String(target)} ${html}`),
    );
}

declare global {
  interface Window {
    axe: typeof axe;
  }
}
