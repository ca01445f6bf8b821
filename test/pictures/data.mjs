// What the pages of the tour show: small tables made of nothing but their row numbers, and a configuration over them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const HOURS = 6_000;
const STATIONS = ['Nordkap', 'Hafen', 'Bergsee', 'Altstadt', 'Ostufer', 'Turm'];

/** A number in [0, 1) for a row and a purpose (splitmix32): the same pictures at every run. */
export function random(row, purpose) {
  let x = (row * 16 + purpose) | 0;
  x = Math.imul((x ^ (x >>> 16)) + 0x9e3779b9, 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32;
}

const normal = (row, purpose) =>
  Math.sqrt(-2 * Math.log(1 - random(row, purpose))) *
  Math.cos(2 * Math.PI * random(row, purpose + 1));

/** Readings of six stations by the hour: a category, numbers around zero, a gap of a week, a long text. */
function readings() {
  const lines = ['at,station,temperature,anomaly,pressure,visitors,sky,remark'];
  for (let hour = 0; hour < HOURS; hour++) {
    const at = new Date(Date.UTC(2026, 0, 1, hour)).toISOString();
    STATIONS.forEach((station, place) => {
      const row = hour * STATIONS.length + place;
      const anomaly = 2.4 * normal(row, 1) + 1.5 * Math.sin(hour / 700);
      const temperature = 9 + place - 8 * Math.cos(hour / 1_400) + anomaly;
      const isGap = station === 'Bergsee' && hour > 2_000 && hour < 2_600;
      const visitors = Math.floor(40 / (0.02 + random(row, 3)));
      const sky = ['clear', 'cloud', 'rain', 'snow'][Math.floor(4 * random(row, 4) ** 1.6)];
      const remark = row % 97 === 0 ? `"sensor ${row % 7} was cleaned, and looked at again"` : '';
      lines.push(
        [
          at,
          station,
          isGap ? '' : temperature.toFixed(2),
          anomaly.toFixed(3),
          (1013 + 9 * normal(row, 5)).toFixed(1),
          visitors,
          sky,
          remark,
        ].join(','),
      );
    });
  }
  return `${lines.join('\n')}\n`;
}

/** A command that answers once, and then never, or with a complaint: for what is stale, and what is being loaded. */
const command = (then) => `
import { existsSync, writeFileSync } from 'node:fs';
const seen = new URL('${then}.seen', import.meta.url);
if ('${then}' === 'never' || ('${then}' === 'wait' && existsSync(seen))) {
  process.stdout.write('n,wave\\n' + '1,0.5\\n'.repeat(50000));
  setInterval(() => {}, 1000);
} else if ('${then}' === 'fail' || ('${then}' === 'break' && existsSync(seen))) {
  console.error('The till at the north gate does not answer.');
  process.exitCode = 3;
} else {
  writeFileSync(seen, '');
  process.stdout.write('n,wave\\n' + Array.from({ length: 900 }, (_, n) => n + ',' + Math.sin(n / 40)).join('\\n') + '\\n');
}
`;

const READINGS = 'dataset: readings';
const CHARTS = [
  `{ ${READINGS}, mark: line, x: at, y: temperature, agg: mean, bin: day }`,
  `{ ${READINGS}, mark: histogram, x: anomaly }`,
  `{ ${READINGS}, mark: scatter, x: temperature, y: pressure }`,
  `{ ${READINGS}, mark: bar, x: station }`,
];

/** `halftone.yaml` of the tour; `extra` is added at its end. */
export const configuration = (extra = '') => `version: 1
datasets:
  readings: { files: readings.csv }
  weather: { files: ${JSON.stringify(join(import.meta.dirname, '..', '..', 'data', 'seattle-weather.csv'))} }
  messy: { files: messy.csv }
  numbers:
    sql: SELECT range AS n, (sin(range / ($rows / 50.0)) * 100)::FLOAT AS wave FROM range(1, $rows + 1)
    params: { rows: { type: integer, default: 1000, values: [1, 10, 1000, 100000] } }
  running: { command: [node, wait.mjs] }
  stale: { command: [node, break.mjs], refresh: { cron: '0 6 * * 1-5', timeZone: Europe/Berlin, retry: { attempts: 1 } } }
  failing: { command: [node, fail.mjs], refresh: { cron: '0 6 * * 1-5', retry: { attempts: 3, delay: 20m } } }
  loading: { command: [node, never.mjs] }
dashboards:
  stations:
    title: Six stations
    description: What they read by the hour, and how far it is from the usual.
    filters:
      - { column: station, control: choice, label: Station }
      - { column: anomaly, control: range, label: Anomaly, value: -8..8 }
    pages:
      - title: Overview
        items:
          - text: "**Six stations**, read every hour. A drag with Shift selects, and filters the others. [Source](https://example.org)."
          - { id: days, title: Temperature by day, span: 8, height: 7, chart: ${CHARTS[0]} }
          - { id: count, title: Readings, span: 4, height: 7, chart: { ${READINGS}, mark: value } }
          - { id: anomalies, title: How far from the usual, span: 4, chart: ${CHARTS[1]} }
          - { id: map, span: 4, chart: { ${READINGS}, mark: scatter, x: temperature, y: pressure, color: station } }
          - { id: places, span: 4, chart: ${CHARTS[3]} }
          - { id: hours, span: 12, chart: { ${READINGS}, mark: heatmap, x: at, y: temperature } }
      - title: Rows and months
        items:
          - { id: months, chart: { ${READINGS}, mark: bar, x: at, bin: month } }
          - { id: skies, chart: { ${READINGS}, mark: bar, x: sky, color: station } }
          - { id: rows, span: 12, chart: { ${READINGS}, mark: rows } }
  many:
    title: Sixty-four charts
    items:
${Array.from({ length: 64 }, (_, i) => `      - { span: 3, height: 5, chart: ${CHARTS[i % CHARTS.length]} }`).join('\n')}
  wrong:
    title: What does not fit
    items:
      - { id: typo, span: 6, chart: { ${READINGS}, mark: histogram, x: temprature } }
      - { id: none, span: 6, chart: { ${READINGS}, mark: histogram, x: temperature, filters: { station: Nowhere } } }
      - { id: failing, span: 6, chart: { dataset: failing, mark: histogram, x: wave } }
      - { id: loading, span: 6, chart: { dataset: loading, mark: histogram, x: wave } }
      - { id: fits, span: 12, chart: ${CHARTS[1]} }
  size:
    title: How many rows can it be?
    items:
      - { chart: { dataset: numbers, mark: scatter, x: n, y: wave } }
      - { chart: { dataset: numbers, mark: value } }
  empty:
    title: Nothing yet
    items: []
${extra}`;

/** Writes all of it into a folder; gives the path of the configuration. */
export function writeData(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'readings.csv'), readings());
  writeFileSync(
    join(folder, 'messy.csv'),
    'name,amount\nfirst,1\nsecond,2\nthird,3,4,5\nfourth,4\nfifth,x\n' + 'sixth,6\n'.repeat(40),
  );
  for (const then of ['never', 'wait', 'fail', 'break']) {
    writeFileSync(join(folder, `${then}.mjs`), command(then));
  }
  const file = join(folder, 'halftone.yaml');
  writeFileSync(file, configuration());
  return file;
}
