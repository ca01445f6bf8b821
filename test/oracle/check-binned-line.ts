import { isPlaceable, unitOf } from './axis.js';
import { columnOf, type Checked } from './checks.js';
import { layersOf, mustBeTruth, truthOf } from './groups.js';
import { must, mustBe } from './must.js';
import { numbersOf, valuesOf } from './read-frame.js';

/** Each bin of a binned x has DuckDB's aggregate, for each series; a row without a finite y is not counted. */
export async function checkBinnedLine(checked: Checked): Promise<void> {
  const { table, query, matched, frame } = checked;
  const x = columnOf(table, query.x);
  const { bin } = query.x as { bin: string | number };
  const layers = await layersOf(checked);
  const named = query.y === undefined ? [] : layers.measures;
  const key =
    typeof bin === 'number'
      ? `(floor("${x.name}"::DOUBLE / ${bin}) * ${bin})`
      : `(epoch_ns(date_trunc('${bin}', "${x.name}"))::DOUBLE / ${unitOf(x)})`;
  const groups = await truthOf(checked, layers, key, (measure) =>
    named.length === 0
      ? `"${x.name}" IS NOT NULL`
      : `"${x.name}" IS NOT NULL AND isfinite("${measure!.name}"::DOUBLE)`,
  );
  const truth = new Map(groups.map((group) => [`${group.key}|${group.slot}`, group]));
  const placeable = matched.filter(
    (row) =>
      isPlaceable(x, 'linear', row) &&
      (named.length === 0 || named.some((column) => isPlaceable(column!, 'linear', row))),
  );
  mustBe(frame.metadata.rows.dropped, matched.length - placeable.length, 'rows.dropped');
  mustBe(frame.metadata.rows.drawn, placeable.length, 'rows.drawn');
  const origin = Number(frame.metadata.origin?.x ?? 0);
  const xs = numbersOf(frame, 'x');
  const values = valuesOf<number>(frame, 'value');
  const counts = valuesOf<number>(frame, 'count').map(Number);
  mustBe(xs.length, truth.size, 'the number of bins');
  for (let at = 0; at < xs.length; at++) {
    const slot = layers.slots[at]!;
    const start = origin + xs[at]!;
    mustBeTruth(
      { value: values[at]!, count: counts[at]!, slot },
      truth.get(`${start}|${slot}`),
      layers,
      `bin ${start} of series ${slot}`,
    );
    const before = at === 0 ? -1 : layers.slots[at - 1]!;
    must(
      before < slot || (before === slot && xs[at - 1]! < xs[at]!),
      () => `Bin ${at} is out of order.`,
    );
  }
}
