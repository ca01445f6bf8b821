import { Type, type Static } from 'typebox';
import { MAX_BINS, MAX_TOP } from './limits.js';
import {
  CALENDAR_UNITS,
  MARKS,
  METHODS,
  SCALES,
  type Mark,
  type Method,
  type Scale,
} from './query.js';
import {
  OPACITIES,
  PALETTES,
  SHADES,
  SIZES,
  STROKES,
  type Palette,
  type Shade,
} from './view/shading.js';

const literals = <T extends string>(values: readonly T[], description: string) =>
  Type.Unsafe<T>(
    Type.Union(
      values.map((value) => Type.Literal(value)),
      { description },
    ),
  );
const Value = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]);
const Ends = Type.Array(Type.Union([Type.String(), Type.Number()]), {
  description:
    'The two ends of the axis: [0, 3000]. Times as ISO 8601. Of an axis of categories its values.',
});
const Words = (description: string) => Type.Union([Value, Type.Array(Value)], { description });
const Id = (description: string) => Type.String({ description });

/** The most columns of the grid. */
const MAX_COLUMNS = 48;
/** The most rows that one item may be high. */
const MAX_HEIGHT = 100;

/**
 * A chart in the words of the page's address (docs/reference/page.md), so that what stands behind `explore/` can stand here.
 * What is absent follows from the data.
 */
export const DashboardChart = Type.Object(
  {
    dataset: Type.String({ description: 'The dataset that it shows.' }),
    mark: Type.Optional(literals<Mark>(MARKS, 'How the rows are drawn.')),
    x: Type.Optional(Type.String({ description: 'The column of the x axis.' })),
    y: Type.Optional(
      Type.Union([Type.String(), Type.Array(Type.String())], {
        description: 'The column of the y axis; several for lines and bars.',
      }),
    ),
    color: Type.Optional(Type.String({ description: 'The column that gives the colors.' })),
    agg: Type.Optional(
      Type.String({
        description: 'count, sum, mean, min, max, median, distinct, or a percentile such as p90.',
      }),
    ),
    of: Type.Optional(
      Type.String({ description: 'The column that a value or a heatmap aggregates.' }),
    ),
    bin: Type.Optional(
      Type.Union(
        [literals([...CALENDAR_UNITS, 'none'], ''), Type.Number({ exclusiveMinimum: 0 })],
        {
          description: 'Of a line: a calendar unit, a width in units of x, or none for every row.',
        },
      ),
    ),
    bins: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_BINS,
        description: 'How many bins a histogram has.',
      }),
    ),
    band: Type.Optional(
      Type.Boolean({ description: 'Whether the p10–p90 band stands around a line of means.' }),
    ),
    top: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_TOP,
        description: 'Categories with a color of their own.',
      }),
    ),
    order: Type.Optional(
      literals(['smallest', 'name'], 'The order of bars; without it the largest come first.'),
    ),
    method: Type.Optional(literals<Method>(METHODS, 'How rows become marks; see the query.')),
    now: Type.Optional(
      Type.Boolean({
        description:
          'Whether a line stands at the present of a time axis; by default where the data reach it.',
      }),
    ),
    size: Type.Optional(
      Type.Number({
        minimum: SIZES[0],
        maximum: SIZES[1],
        description:
          'The radius of a row of a scatter, in CSS pixels; by default by how many there are.',
      }),
    ),
    opacity: Type.Optional(
      Type.Number({
        minimum: OPACITIES[0],
        maximum: OPACITIES[1],
        description: 'The opacity of one row of a scatter; by default by how many overlap.',
      }),
    ),
    stroke: Type.Optional(
      Type.Number({
        minimum: STROKES[0],
        maximum: STROKES[1],
        description: 'How wide a line is, in CSS pixels; by default 1.5.',
      }),
    ),
    shade: Type.Optional(
      literals<Shade>(
        SHADES,
        'How counts become colors: of a heatmap, and of a scatter in the place of opacity.',
      ),
    ),
    palette: Type.Optional(
      literals<Palette>(
        PALETTES,
        'The ramp of numbers and counts, by default viridis, or the colors of categories.',
      ),
    ),
    middle: Type.Optional(
      Type.Number({
        description: 'The number that has the middle color of the palette diverging.',
      }),
    ),
    tz: Type.Optional(Type.String({ description: 'The time zone of calendar bins.' })),
    xs: Type.Optional(literals<Scale>(SCALES, 'The scale of the x axis.')),
    ys: Type.Optional(literals<Scale>(SCALES, 'The scale of the y axis.')),
    xr: Type.Optional(Ends),
    yr: Type.Optional(Ends),
    filters: Type.Optional(
      Type.Record(
        Type.String(),
        Words(
          'Values, or text as in the address: "5..90", "!ATL,LAS". null is a value of its own.',
        ),
        { description: 'Filters of this chart alone, by column.' },
      ),
    ),
    contains: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description:
          'Keeps values that contain this text, by column; "!" in front leaves them out.',
      }),
    ),
    area: Type.Optional(
      Type.Union([Type.String(), Type.Array(Type.String())], {
        description: 'Outlines on the plane of two columns, as in the address.',
      }),
    ),
    sort: Type.Optional(
      Type.String({ description: 'A column of the table; "!" in front turns the order around.' }),
    ),
    vs: Type.Optional(
      Type.String({
        description: 'What is taken off: all, rest, a snapshot, or a JSON list of filters.',
      }),
    ),
    snap: Type.Optional(Type.String({ description: 'A snapshot, for a chart of data that stay.' })),
  },
  {
    additionalProperties: false,
    title: 'a chart',
    description: 'A chart, in the words of the page’s address.',
  },
);
export type DashboardChart = Static<typeof DashboardChart>;

/** One place of the grid: a chart, or text. */
export const DashboardItem = Type.Object(
  {
    chart: Type.Optional(DashboardChart),
    text: Type.Optional(
      Type.String({
        description:
          'Paragraphs, # headings, - lists, **bold**, *emphasis*, `code` and [links](https://…).',
      }),
    ),
    id: Type.Optional(
      Id(
        'A name of the chart for links and addresses: letters, digits and dashes. By default c1, c2, …',
      ),
    ),
    title: Type.Optional(Type.String({ description: 'By default it says what is on the axes.' })),
    span: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_COLUMNS,
        description: 'Columns of the grid that it takes. Default: half of them.',
      }),
    ),
    height: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_HEIGHT,
        description: 'Rows of the grid that it takes; a row has 40 pixels. Default: 8.',
      }),
    ),
    column: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_COLUMNS,
        description: 'The first column; by default where there is room.',
      }),
    ),
    row: Type.Optional(
      Type.Integer({ minimum: 1, description: 'The first row; by default where there is room.' }),
    ),
  },
  {
    additionalProperties: false,
    title: 'an item of a dashboard',
    description: 'A chart or text, with its place on the grid.',
  },
);
export type DashboardItem = Static<typeof DashboardItem>;

const Items = Type.Array(DashboardItem, {
  description: 'Charts and texts, in the order of reading.',
});

/** One page of a dashboard: a tab. */
export const DashboardPage = Type.Object(
  {
    name: Type.Optional(Id('The page’s name in addresses; by default made from its title.')),
    title: Type.String({ description: 'The words of the tab.' }),
    items: Items,
  },
  { additionalProperties: false, title: 'a page of a dashboard' },
);
export type DashboardPage = Static<typeof DashboardPage>;

/** A filter that all charts of the dashboard share, with a control in the bar above them. */
export const DashboardFilter = Type.Object(
  {
    column: Type.String({ description: 'It filters every dataset that has this column.' }),
    dataset: Type.Optional(Type.String({ description: 'Filters this dataset alone.' })),
    control: Type.Optional(
      literals(
        ['choice', 'range'],
        'A list of values or two ends; by default what suits the column.',
      ),
    ),
    label: Type.Optional(Type.String({ description: 'By default the column’s name.' })),
    value: Type.Optional(Words('What is chosen at first, as in the filters of a chart.')),
  },
  { additionalProperties: false, title: 'a filter of a dashboard' },
);
export type DashboardFilter = Static<typeof DashboardFilter>;

/** A page of charts that are looked at together, as the configuration has it. */
export const Dashboard = Type.Object(
  {
    title: Type.Optional(Type.String({ description: 'By default the name.' })),
    description: Type.Optional(Type.String({ description: 'One sentence for the start page.' })),
    columns: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_COLUMNS,
        description: 'Columns of the grid. Default: 12.',
      }),
    ),
    items: Type.Optional(Items),
    pages: Type.Optional(
      Type.Array(DashboardPage, {
        minItems: 1,
        description: 'Several pages, each a tab, in the place of items.',
      }),
    ),
    filters: Type.Optional(
      Type.Array(DashboardFilter, { description: 'Controls in the bar above the charts.' }),
    ),
    parameters: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
        {
          description:
            'What parameters of datasets are at first, by dataset: { region: { region: East, year: 2024 } }. The others have their defaults.',
        },
      ),
    ),
    links: Type.Optional(
      Type.Record(Type.String(), Type.Array(Type.String()), {
        description:
          'Which charts a selection filters: { delays: [map, airlines] }. Without it a selection filters all other charts of its dataset.',
      }),
    ),
    linkedAxes: Type.Optional(
      Type.Array(Type.Array(Type.String(), { minItems: 2 }), {
        description:
          'Axes that show the same stretch, by the id of the chart: [[delays.x, map.x]]. Where one is zoomed or moved, the others of its list are too.',
      }),
    ),
  },
  {
    additionalProperties: false,
    title: 'a dashboard',
    description: 'Charts that are looked at together.',
  },
);
export type Dashboard = Static<typeof Dashboard>;

/** All dashboards of a configuration, by name. */
export const Dashboards = Type.Record(Type.String(), Dashboard, {
  description: 'Pages of charts, by the name that stands in their address.',
});
export type Dashboards = Static<typeof Dashboards>;

/** Something in a dashboard that does not fit: which place of it, and a sentence. */
export const DashboardProblem = Type.Object({
  /** The place within the dashboard: `pages[0].items[2].chart.x`. */
  path: Type.String(),
  message: Type.String(),
  hint: Type.Optional(Type.String()),
  /** The chart that it spoils; absent where it concerns no single one. */
  chart: Type.Optional(Type.String()),
  file: Type.Optional(Type.String()),
  line: Type.Optional(Type.Number()),
});
export type DashboardProblem = Static<typeof DashboardProblem>;

/** A dashboard as a list of them has it. */
export const DashboardSummary = Type.Object({
  name: Type.String(),
  title: Type.String(),
  description: Type.Optional(Type.String()),
  pages: Type.Number(),
  charts: Type.Number(),
  problems: Type.Number(),
});
export type DashboardSummary = Static<typeof DashboardSummary>;

/** A dashboard with what does not fit in it. */
export const DashboardInfo = Type.Object({
  name: Type.String(),
  dashboard: Dashboard,
  problems: Type.Array(DashboardProblem),
});
export type DashboardInfo = Static<typeof DashboardInfo>;
