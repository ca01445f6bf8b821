import { aggregateOf, mustBeAggregate } from './aggregate.js';
import { checkDomain, frameAxis, placeableRows, placedOf, type Checked } from './checks.js';
import { mustBe, mustList } from './must.js';
import { numbersOf, valuesOf } from './read-frame.js';

/** Cells are ascending, hold what a walk puts there, and their aggregate is the true one. */
export function checkHeatmap(checked: Checked): void {
  const { table, query, matched, frame } = checked;
  const axes = [placedOf(checked, 'x'), placedOf(checked, 'y')];
  const placeable = placeableRows(matched, axes);
  mustBe(frame.metadata.rows.dropped, matched.length - placeable.length, 'rows.dropped');
  const { x: width, y: height } = query.cells ?? { x: 50, y: 50 };
  const members = new Map<number, number[]>();
  if (checkDomain(checked, axes, placeable)) {
    const x = frameAxis(checked, axes[0]!, width);
    const y = frameAxis(checked, axes[1]!, height);
    for (const row of placeable) {
      const ix = x.cell(row);
      const iy = y.cell(row);
      if (ix < 0 || iy < 0) continue;
      const list = members.get(iy * width + ix);
      if (list) list.push(row);
      else members.set(iy * width + ix, [row]);
    }
  }
  const aggregate = query.aggregate ?? { op: 'count' };
  const measure = aggregate.column === undefined ? undefined : table.columns.get(aggregate.column)!;
  const cells = [...members.keys()].sort((a, b) => a - b);
  mustList(numbersOf(frame, 'cell'), cells, 'cell');
  mustList(
    numbersOf(frame, 'count'),
    cells.map((cell) => members.get(cell)!.length),
    'count',
  );
  const found = valuesOf<number>(frame, 'value');
  for (const [at, cell] of cells.entries()) {
    const wanted = aggregateOf(aggregate, measure, members.get(cell)!);
    mustBeAggregate(found[at]!, wanted, aggregate, measure, `the value of cell ${cell}`);
  }
}
