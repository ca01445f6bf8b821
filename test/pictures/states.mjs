// Every page and state of the client, by name. `address` is below the base; `before` runs on the empty page, `act` when it stands
// still; `wait` says when that is, by default when all pictures are there. `server: 'bare'` is one without data. `flags` are those of a browser of its own.
import {
  atRest,
  cutFrames,
  cutServer,
  drag,
  holdFrames,
  inTurn,
  load,
  openDialog,
  openFilter,
  openPanel,
  pinRow,
  point,
  press,
  refuseFrames,
  settled,
} from './acts.mjs';
import { configuration } from './data.mjs';

const SCATTER = 'explore/readings?mark=scatter&x=temperature&y=pressure';
const LINE = 'explore/readings?mark=line&x=at&y=temperature';
const HISTOGRAM = 'explore/readings?mark=histogram&x=anomaly';
const still = { wait: atRest };
const text = (words) => ({ wait: (page) => page.getByText(words).first().waitFor() });
const dialog = (entry, address = SCATTER) => ({ address, act: openDialog(entry) });
const PLAIN = `<!doctype html><html lang="en"><title>Somebody else's page</title>
<style>body{font:16px Georgia,serif;margin:24px;max-width:900px}halftone-chart,halftone-dashboard{display:block;margin:16px 0}</style>
<script type="module" src="embed/elements.js"></script>
<h1>Somebody else's page</h1><p>A chart between two paragraphs.</p>
<halftone-chart style="height:320px" src="explore/readings?mark=histogram&x=anomaly"></halftone-chart>
<p>And one that cannot be had, and a dashboard.</p>
<halftone-chart style="height:200px" src="explore/nothing?mark=histogram&x=anomaly"></halftone-chart>
<halftone-dashboard style="height:700px" src="d/size"></halftone-dashboard>`;

export const states = {
  'start-nothing': { server: 'bare', address: '', ...still },
  'start-data': { address: '', ...still },
  'start-bad-path': {
    server: 'bare',
    address: '',
    wait: async (page) => {
      await atRest(page);
      await page.getByLabel('Path of a file or folder').fill('/no/such/file.csv');
      await page.getByRole('button', { name: 'Open', exact: true }).click();
      await page.getByRole('alert').first().waitFor();
    },
  },
  'start-suggestions': {
    server: 'bare',
    address: '',
    wait: async (page) => {
      await atRest(page);
      await page.getByLabel('Path of a file or folder').fill('/usr/');
      await page.getByRole('option').first().waitFor();
    },
  },

  suggested: { address: 'explore/readings' },
  scatter: { address: SCATTER },
  'scatter-category': { address: `${SCATTER}&color=station` },
  'scatter-hidden': { address: `${SCATTER}&color=station&hide=Turm,Hafen` },
  'scatter-number': { address: `${SCATTER}&color=anomaly` },
  'scatter-diverging': { address: `${SCATTER}&color=anomaly&palette=diverging&middle=2` },
  'scatter-shade': { address: `${SCATTER}&shade=log&palette=magma` },
  'scatter-few': { address: 'explore/weather?mark=scatter&x=temp_max&y=wind&color=weather' },
  'scatter-log': { address: 'explore/readings?mark=scatter&x=visitors&y=temperature&xs=log' },
  'line-means': { address: LINE },
  'line-rows': { address: `${LINE}&bin=none` },
  'line-series': { address: `${LINE}&color=station&bin=day` },
  'line-columns': { address: 'explore/readings?mark=line&x=at&y=temperature&y=anomaly&bin=week' },
  'line-zone': { address: `${LINE}&tz=America/New_York&f.at=2026-03-01..2026-03-20` },
  histogram: { address: HISTOGRAM },
  'histogram-color': { address: `${HISTOGRAM}&color=station` },
  'histogram-log': { address: 'explore/readings?mark=histogram&x=visitors&ys=log' },
  bar: { address: 'explore/readings?mark=bar&x=station' },
  'bar-series': { address: 'explore/readings?mark=bar&x=station&color=sky' },
  'bar-mean': { address: 'explore/readings?mark=bar&x=station&y=temperature&agg=mean' },
  'bar-long-names': { address: 'explore/readings?mark=bar&x=remark' },
  'bar-months': { address: 'explore/readings?mark=bar&x=at&bin=month' },
  'bar-weeks': { address: 'explore/readings?mark=bar&x=at&bin=week&y=anomaly&agg=sum' },
  'heatmap-text': { address: 'explore/readings?mark=heatmap&x=station&y=sky' },
  'heatmap-text-time': { address: 'explore/readings?mark=heatmap&x=at&y=station&of=temperature' },
  heatmap: { address: 'explore/readings?mark=heatmap&x=at&y=temperature' },
  'heatmap-mean': { address: 'explore/readings?mark=heatmap&x=at&y=pressure&of=anomaly&agg=mean' },
  'heatmap-diverging': {
    address: 'explore/readings?mark=heatmap&x=at&y=temperature&of=anomaly&palette=diverging',
  },
  value: { address: 'explore/readings?mark=value&of=temperature&agg=mean' },
  rows: { address: 'explore/readings?mark=rows' },
  'rows-sorted': { address: 'explore/readings?mark=rows&sort=!anomaly' },
  'map-now': { address: `${LINE}&xr=2026-11-01,2027-01-01&now=yes&tz=UTC` },

  panel: { address: HISTOGRAM, act: openPanel },
  'filter-choice': { address: HISTOGRAM, act: openFilter('station') },
  'filter-range': { address: `${HISTOGRAM}&f.temperature=2..9`, act: openFilter('temperature') },
  'filter-time': { address: HISTOGRAM, act: openFilter('at') },
  'filter-text': { address: `${HISTOGRAM}&c.remark=sensor`, act: openFilter('remark') },
  'filter-chips': {
    address: `${HISTOGRAM}&f.station=Turm,Hafen&f.temperature=2..9&f.at=2026-02-01..2026-05-01&f.sky=!rain`,
  },
  'filter-time-zone': {
    address: `${HISTOGRAM}&tz=Europe/Berlin&f.at=2026-02-01T06:00:00Z..2026-05-01T18:30:00Z`,
  },
  'menu-download': { address: SCATTER, act: press('Download rows') },
  'menu-picture': { address: SCATTER, act: press('More about this picture') },
  'menu-freshness': { address: LINE, act: inTurn(press(/^Data from/u), atRest) },
  'column-select': {
    address: HISTOGRAM,
    act: inTurn(openPanel, (page) => page.locator('#x-column').click()),
  },
  'dialog-prove': {
    address: HISTOGRAM,
    act: inTurn(openDialog('Prove it…'), (page) =>
      page
        .getByText(/\d differ/u)
        .first()
        .waitFor(),
    ),
  },
  'dialog-compare': dialog('Compare…', `${HISTOGRAM}&f.station=Turm`),
  'dialog-inspector': dialog('Inspector…'),
  'dialog-api': dialog('Use it elsewhere…'),
  'dialog-links': dialog('Links…'),
  'dialog-yaml': dialog('Save as YAML…'),
  'dialog-exact': { address: SCATTER, act: press('exact') },
  'dialog-help': { address: SCATTER, act: press('Help', { exact: true }) },
  'dialog-report': {
    address: 'explore/messy',
    act: inTurn(press(/set aside/u), atRest),
  },

  'compare-rest': { address: `${HISTOGRAM}&f.station=Turm&vs=rest` },
  'compare-scatter': { address: `${SCATTER}&f.station=Turm&vs=all` },
  'select-box': {
    address: SCATTER,
    act: drag(
      [
        [0.3, 0.3],
        [0.6, 0.7],
      ],
      { shift: true },
    ),
  },
  'select-lasso': {
    address: SCATTER,
    act: inTurn(
      (page) => page.getByRole('radio', { name: 'Select by lasso' }).click({ force: true }),
      drag([
        [0.3, 0.3],
        [0.6, 0.2],
        [0.75, 0.5],
        [0.5, 0.8],
        [0.3, 0.6],
      ]),
    ),
  },
  'select-bins': {
    address: HISTOGRAM,
    act: drag(
      [
        [0.4, 0.5],
        [0.6, 0.5],
      ],
      { shift: true },
    ),
  },
  'hover-bin': { address: HISTOGRAM, act: point([0.5, 0.7]) },
  'hover-line': { address: `${LINE}&color=station&bin=day`, act: point([0.5, 0.5]) },
  'hover-cell': {
    address: 'explore/readings?mark=heatmap&x=at&y=temperature',
    act: point([0.5, 0.5]),
  },
  'pinned-row': {
    address: 'explore/weather?mark=scatter&x=temp_max&y=wind&color=weather',
    act: pinRow,
  },
  zoomed: {
    address: SCATTER,
    act: inTurn(async (page) => {
      await page.locator('.picture').press('+');
      await page.locator('.picture').press('+');
      await settled(page);
    }),
  },
  'focus-ring': {
    address: HISTOGRAM,
    act: async (page) => {
      await page.locator('.picture').focus();
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Tab');
    },
  },

  dashboard: { address: 'd/stations' },
  'dashboard-second': { address: 'd/stations/rows-and-months' },
  'dashboard-filter': { address: 'd/stations', act: inTurn(press(/^Station/u), atRest) },
  'dashboard-range': { address: 'd/stations', act: inTurn(press(/^Anomaly/u), atRest) },
  'dashboard-menu': { address: 'd/stations', act: press('Menu of the dashboard') },
  'dashboard-chart-menu': { address: 'd/stations', act: press(/^Menu of How far/u) },
  'dashboard-linked': {
    address: `d/stations?s.anomalies=${encodeURIComponent('[{"op":"range","column":"anomaly","min":1,"max":4}]')}`,
  },
  'dashboard-large': {
    address: 'd/stations',
    act: inTurn(press(/^Menu of How far/u), press('Enlarge'), atRest),
  },
  'dashboard-kiosk': { address: 'd/stations?kiosk=1' },
  'dashboard-64': { address: 'd/many' },
  'dashboard-wrong': { address: 'd/wrong', ...text('has no column') },
  'dashboard-empty': { address: 'd/empty', ...still },
  'dashboard-unknown': { address: 'd/nothing', ...still },
  'dashboard-parameters': { address: 'd/size' },
  'dashboard-ignored': { address: 'd/stations?f.nothing=3&xr.days=a,b' },
  'dashboard-yaml': {
    address: 'd/stations',
    act: inTurn(press('Menu of the dashboard'), press('Save as YAML…')),
  },
  'parameters-explore': { address: 'explore/numbers', act: openPanel },

  jobs: { address: 'jobs', ...still },
  'jobs-history': {
    address: 'jobs',
    wait: inTurn(atRest, press(/History/u), atRest),
  },

  'loading-frames': { address: SCATTER, before: holdFrames, ...still },
  'loading-dataset': { address: 'explore/loading', ...still },
  'empty-rows': { address: `${HISTOGRAM}&f.station=Nowhere` },
  'empty-domain': { address: `${SCATTER}&xr=500,600` },
  'error-frame': { address: SCATTER, before: refuseFrames },
  'error-cut': { address: SCATTER, before: cutFrames },
  'error-dataset': { address: 'explore/failing', ...text('does not answer') },
  'unknown-dataset': { address: 'explore/nothing', ...still },
  'ignored-parts': { address: `${HISTOGRAM}&f.nothing=1&xr=a,b&size=huge&tz=Nowhere/Land` },
  'gone-snapshot': { address: `${HISTOGRAM}&snap=never` },
  'stale-data': {
    address: 'explore/stale?mark=line&x=n&y=wave',
    act: inTurn(load('stale'), (page) =>
      page.locator('.freshness.stale, .freshness-chip').first().waitFor(),
    ),
  },
  'stale-panel': {
    address: 'explore/stale?mark=line&x=n&y=wave',
    act: inTurn(load('stale'), press(/Data from|out of date|old/iu), atRest),
  },
  'refresh-running': {
    address: 'explore/running?mark=line&x=n&y=wave',
    act: inTurn(load('running'), atRest),
  },
  'server-away': {
    server: 'fleeting',
    address: 'explore/seattle-weather?mark=histogram&x=wind',
    act: cutServer,
  },
  'no-webgl': {
    address: SCATTER,
    flags: ['--disable-3d-apis'],
    act: inTurn(openDialog('Inspector…'), (page) =>
      page.getByText('Drawn by').scrollIntoViewIfNeeded(),
    ),
  },
  plotly: { address: `${SCATTER}&renderer=plotly` },
  'not-found': { address: 'no/such/page', ...still },
  'config-error': {
    address: 'd/stations',
    before: (_, { configure }) => configure(configuration('  broken: { itms: [] }\n')),
    ...text('itms'),
    after: (_, { configure }) => configure(configuration()),
  },
  'forced-colors': { address: `${SCATTER}&color=station`, media: { forcedColors: 'active' } },
  'forced-colors-start': { address: '', media: { forcedColors: 'active' }, ...still },
  embed: {
    address: 'plain.html',
    before: (page, { url }) =>
      page.route(`${url}plain.html`, (route) =>
        route.fulfill({ contentType: 'text/html', body: PLAIN }),
      ),
    wait: (page) => page.waitForTimeout(3000),
  },
};
