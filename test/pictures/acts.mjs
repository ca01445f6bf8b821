// What is done on a page before its picture is taken.

/** So long must a page stand still. */
const STILL_MS = 400;

const isNarrow = (page) => page.viewportSize().width <= 700;

/** Every picture that is in sight has its rows, or says why not. */
export async function settled(page) {
  await page.waitForFunction(
    () =>
      document.querySelector('[data-state]') !== null &&
      [...document.querySelectorAll('[data-state]')].every((each) =>
        ['exact', 'empty', 'error'].includes(each.dataset.state),
      ),
  );
}

export const press = (name, options) => (page) =>
  page
    .getByRole('button', { name, ...options })
    .first()
    .click();

/** Opens the panel where it is a drawer. */
export async function openPanel(page) {
  if (isNarrow(page)) await page.getByRole('button', { name: 'Show the panel' }).click();
}

/** Opens the filter of a column in the panel. */
export const openFilter = (column) => async (page) => {
  await openPanel(page);
  const head = page
    .locator('.filter-column')
    .filter({ has: page.locator('.name', { hasText: column }) });
  await head.getByRole('button').first().click();
  await page.locator('.filter-body:not([hidden])').scrollIntoViewIfNeeded();
  await atRest(page);
};

/** Opens an entry of the menu of the picture. */
export const openDialog = (entry) => async (page) => {
  await press('More about this picture')(page);
  await press(entry)(page);
  await page.getByRole('dialog').waitFor();
  await atRest(page);
};

/** All axes in sight have the ink of the theme, or on pages without it one ink: charts take turns when it changes. */
export const inOneInk = (page) =>
  page.waitForFunction(() => {
    const probe = document.body.appendChild(document.createElement('i'));
    probe.style.color = 'var(--muted, transparent)';
    const ink = getComputedStyle(probe).color;
    probe.remove();
    const inks = [...document.querySelectorAll('.xtick text')]
      .filter((tick) => tick.getBoundingClientRect().top < innerHeight)
      .map((tick) => getComputedStyle(tick).fill);
    const isOwn = ink !== 'rgba(0, 0, 0, 0)' && !matchMedia('(forced-colors: active)').matches;
    return new Set(isOwn ? [ink, ...inks] : inks).size <= 1;
  });

/** The page has said the same for a while, and what moves has arrived. */
export async function atRest(page) {
  await page.waitForFunction((stillMs) => {
    const said = `${location.href} ${document.body.innerHTML.length}`;
    globalThis.tour = globalThis.tour?.said === said ? globalThis.tour : { said, at: Date.now() };
    return Date.now() - globalThis.tour.at > stillMs;
  }, STILL_MS);
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.all(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getTiming().iterations !== Infinity)
        .map(({ finished }) => finished.catch(() => {})),
    );
  });
}

/** The places of a path in a picture, from shares of its width and height. */
async function placesIn(page, selector, shares) {
  const box = await page.locator(`${selector} .nsewdrag`).first().boundingBox();
  return shares.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height]);
}

export const drag =
  (shares, { shift = false, selector = '.picture' } = {}) =>
  async (page) => {
    const places = await placesIn(page, selector, shares);
    if (shift) await page.keyboard.down('Shift');
    await page.mouse.move(...places[0]);
    await page.mouse.down();
    for (const place of places.slice(1)) await page.mouse.move(...place, { steps: 4 });
    await page.mouse.up();
    if (shift) await page.keyboard.up('Shift');
    await atRest(page);
  };

export const point =
  (share, { click = false, selector = '.picture' } = {}) =>
  async (page) => {
    const [place] = await placesIn(page, selector, [share]);
    await page.mouse.move(place[0] - 3, place[1]);
    await page.mouse.move(...place, { steps: 3 });
    await page.locator('.card-hover').first().waitFor();
    if (click) await page.mouse.click(...place);
  };

/** The first row that lies near the middle, pinned: the pointer goes outward until it meets one. */
export async function pinRow(page) {
  for (let step = 0; step < 40; step++) {
    const share = [0.5 + 0.008 * step, 0.5 + 0.003 * step];
    const [place] = await placesIn(page, '.picture', [share]);
    await page.mouse.move(...place, { steps: 2 });
    if (!(await page.locator('.card-hover').count())) continue;
    await page.mouse.click(...place);
    if (await page.getByRole('button', { name: 'Close', exact: false }).count()) return;
  }
}

export const inTurn =
  (...acts) =>
  async (page, tour) => {
    for (const act of acts) await act(page, tour);
  };

/** Frames never come. */
export const holdFrames = (page) => page.route(/\/frame\?/u, () => {});

/** Half of each frame comes. */
export const cutFrames = (page) =>
  page.route(/\/frame\?/u, async (route) => {
    const answer = await route.fetch();
    const body = await answer.body();
    await route.fulfill({ response: answer, body: body.subarray(0, body.length / 2) });
  });

/** The server answers frames with a problem. */
export const refuseFrames = (page) =>
  page.route(/\/frame\?/u, (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      body: JSON.stringify({
        type: 'about:blank',
        title: 'Service Unavailable',
        status: 503,
        code: 'SERVER_BUSY',
        detail: 'The server has too much to do.',
        hint: 'Try again in a moment.',
      }),
    }),
  );

/** Nothing of the server can be reached any more. */
export const cutServer = async (page, { close }) => {
  await close();
  await page.getByText('The server cannot be reached').first().waitFor();
};

export const load =
  (name) =>
  (_, { url }) =>
    fetch(`${url}api/v1/datasets/${name}/load`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
