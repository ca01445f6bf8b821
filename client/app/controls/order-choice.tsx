import type { JSX } from 'preact';
import type { Plot } from '../../../protocol/view/plot.js';
import { usualOrder } from '../../../protocol/view/resolve-plot.js';
import { edit } from '../state/edit.js';
import { useStore } from '../store.js';
import { Row } from './row.js';
import { Select } from './select.js';

/** Which bars come first: where there are many, the last ones have no place in the picture. */
export function OrderChoice({ plot }: { plot: Plot }): JSX.Element | null {
  const { change } = useStore();
  if (plot.mark !== 'bar') return null;
  return (
    <Row label="Order" for="order">
      <Select
        id="order"
        value={plot.order}
        options={[
          ['largest', 'Largest first'],
          ['smallest', 'Smallest first'],
          ['name', `By ${plot.x?.name ?? 'name'}`],
        ]}
        onChoose={(order) =>
          change((v) =>
            edit(v, {
              order: order === usualOrder(plot.bin) ? undefined : (order as Plot['order']),
            }),
          )
        }
      />
    </Row>
  );
}
