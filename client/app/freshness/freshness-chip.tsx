import type { JSX } from 'preact';
import type { DatasetInfo } from '../../../protocol/dataset.js';
import { formatNoun } from '../format.js';
import { Icon, type IconName } from '../icon.js';
import { lazy } from '../lazy.js';
import { Menu } from '../menu.js';
import { useStore } from '../store.js';
import { formatFreshAge, useAge } from './use-age.js';
import { useNextRun } from './use-next-run.js';

/** What the chip opens to: nobody sees it with the first picture. */
export const FreshnessPanel = lazy(
  async () => (await import('./freshness-panel.js')).FreshnessPanel,
);

/** How old the data under a picture are, and whether newer ones come; it opens to what can be done about it. */
export function FreshnessChip(): JSX.Element | null {
  const { dataset, datasets, navigation } = useStore();
  const info = dataset.value;
  const createdAt = info?.createdAt == null ? undefined : Date.parse(info.createdAt);
  const age = useAge(createdAt);
  const next = useNextRun(info);
  if (!info || age === undefined) return null;
  const state = datasets.isPaused(info.name)
    ? 'paused'
    : navigation.view.value?.snapshot !== undefined
      ? 'pinned'
      : stateOf(info);
  const newer = datasets.newerThanShown(info.name);
  const words = {
    current:
      next === undefined ? formatFreshAge(age) : `${formatFreshAge(age)} · next ${next.until}`,
    reloading: `${formatFreshAge(age)} · reloading`,
    stale: `${formatFreshAge(age)} · may be out of date`,
    pinned: 'pinned',
    paused: newer === 0 ? 'Paused' : `Paused · ${formatNoun(newer, 'newer snapshot')}`,
  }[state];
  const icon = ICONS[state];
  return (
    <Menu
      class={`freshness ${state}`}
      label="How fresh the data are"
      text={
        <>
          {icon === undefined ? (
            // Drawn anew for each snapshot, so that its pulse is seen once.
            <span key={info.snapshot} class="freshness-dot" aria-hidden="true" />
          ) : (
            <Icon name={icon} size={12} />
          )}
          <span class="sr-only">Data from </span>
          <span class="number">{words}</span>
        </>
      }
    >
      {(close) => <FreshnessPanel info={info} close={close} />}
    </Menu>
  );
}

type State = 'current' | 'reloading' | 'stale' | 'pinned' | 'paused';

const ICONS: Readonly<Partial<Record<State, IconName>>> = {
  stale: 'warning',
  pinned: 'link',
  paused: 'pause',
};

function stateOf({ stale, problem, progress }: DatasetInfo): State {
  if (problem !== undefined) return 'stale';
  return stale === true || progress !== undefined ? 'reloading' : 'current';
}
