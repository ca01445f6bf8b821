// The limits of a query. They bound the work that one request can ask for.

/** The largest width and height of a picture, in device pixels. */
export const MAX_PIXELS = 8192;
/** The most nodes in all filters of a query together. */
export const MAX_FILTER_NODES = 64;
/** The deepest nesting of filters: `not` of `any` of `null` is 3 deep. */
export const MAX_FILTER_DEPTH = 8;
/** The most entries of an `in` filter. */
export const MAX_VALUES = 10_000;
/** The most corners of a polygon. */
export const MAX_VERTICES = 5_000;
/** The most bins of a histogram or of a binned axis. */
export const MAX_BINS = 10_000;
/** The largest point budget. */
export const MAX_BUDGET = 2_000_000;
/** The most rows of one page of a table. */
export const MAX_ROWS = 100_000;
/** The most categories that keep a color of their own. */
export const MAX_TOP = 256;
/** The most y columns of a line or a bar. */
export const MAX_SERIES_COLUMNS = 50;
/** The widest stroke of a line, in device pixels. */
export const MAX_STROKE = 64;
/** The most queries of one request. */
export const MAX_QUERIES = 64;
/** The most views of one request for brush cubes. */
export const MAX_VIEWS = 64;
/** The most bytes of all brush cubes of one request together. */
export const MAX_CUBE_BYTES = 256 * 1024 * 1024;
/** The largest request body, in bytes. */
export const MAX_BODY = 1024 * 1024;

/** The size of a picture when a query does not say, in device pixels. */
export const DEFAULT_WIDTH = 1000;
export const DEFAULT_HEIGHT = 600;
/** The cells of an axis of a heatmap when a query does not say. */
export const DEFAULT_CELLS = 50;
/** A picture of at most so many points is drawn exactly; above it is density. */
export const DEFAULT_BUDGET = 25_000;
/** The width of the stroke of a line when a query does not say, in device pixels. */
export const DEFAULT_STROKE = 1.5;
/** The categories of `color` that are kept apart when a query does not say. */
export const DEFAULT_TOP = 9;
/** The bars of a bar chart when a query does not say. */
export const DEFAULT_BARS = 50;
/** The rows of a page of the table when a query does not say. */
export const DEFAULT_ROWS = 100;
/** A column with at most so many distinct values is offered as a dropdown. */
export const MAX_DROPDOWN = 1_000;
