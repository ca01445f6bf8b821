import { isPlaceable, unitOf } from './axis.js';
import { columnOf, type Checked } from './checks.js';
import { layersOf, mustBeTruth, truthOf, type Layers, type Truth } from './groups.js';
import { must, mustBe } from './must.js';
import { numbersOf, valuesOf } from './read-frame.js';
import type { OracleColumn } from './table.js';

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
  const among = (measure: OracleColumn | undefined): string =>
    named.length === 0
      ? `"${x.name}" IS NOT NULL`
      : `"${x.name}" IS NOT NULL AND isfinite("${measure!.name}"::DOUBLE)`;
  const truthByBin = async (measured: Layers): Promise<Map<string, Truth>> => {
    const groups = await truthOf(checked, measured, key, among);
    return new Map(groups.map((group) => [`${group.key}|${group.slot}`, group]));
  };
  const measured = [{ name: 'value', layers }];
  for (const [end, p] of query.band?.entries() ?? []) {
    const aggregate = { ...layers.aggregate, op: 'quantile', p } as const;
    measured.push({ name: end === 0 ? 'low' : 'high', layers: { ...layers, aggregate } });
  }
  const truths = await Promise.all(
    measured.map(async ({ name, layers: of }) => ({
      layers: of,
      name,
      truth: await truthByBin(of),
      values: valuesOf<number>(frame, name),
    })),
  );
  const placeable = matched.filter(
    (row) =>
      isPlaceable(x, 'linear', row) &&
      (named.length === 0 || named.some((column) => isPlaceable(column!, 'linear', row))),
  );
  mustBe(frame.metadata.rows.dropped, matched.length - placeable.length, 'rows.dropped');
  mustBe(frame.metadata.rows.drawn, placeable.length, 'rows.drawn');
  const origin = Number(frame.metadata.origin?.x ?? 0);
  const xs = numbersOf(frame, 'x');
  const counts = valuesOf<number>(frame, 'count').map(Number);
  mustBe(xs.length, truths[0]!.truth.size, 'the number of bins');
  for (let at = 0; at < xs.length; at++) {
    const slot = layers.slots[at]!;
    const start = origin + xs[at]!;
    for (const { name, truth, values, layers: of } of truths) {
      mustBeTruth(
        { value: values[at]!, count: counts[at]!, slot },
        truth.get(`${start}|${slot}`),
        of,
        `bin ${start} of series ${slot}, ${name}`,
      );
    }
    const before = at === 0 ? -1 : layers.slots[at - 1]!;
    must(
      before < slot || (before === slot && xs[at - 1]! < xs[at]!),
      () => `Bin ${at} is out of order.`,
    );
  }
}
