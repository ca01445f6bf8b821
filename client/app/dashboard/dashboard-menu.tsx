import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { formatDashboardAddress, type DashboardView } from '../../../protocol/dashboard/address.js';
import { Dialog } from '../dialog.js';
import { CodeBlock } from '../inspect/code-block.js';
import { writeYaml } from '../inspect/write-yaml.js';
import { SaveYaml } from '../inspect/yaml-dialog.js';
import { Menu } from '../menu.js';
import { useStore } from '../store.js';
import { dashboardAsShown } from './as-shown.js';
import type { DashboardState } from './dashboard-state.js';

/** Pages of a kiosk stay so many seconds where nobody says. */
const CYCLE = 60;

/** How a dashboard is taken away, and shown on a wall. */
export function DashboardMenu({ state }: { state: DashboardState }): JSX.Element {
  const [open, setOpen] = useState<'links' | 'yaml'>();
  const close = (): void => setOpen(undefined);
  return (
    <>
      <Menu icon="more" label="Menu of the dashboard" class="dashboard-menu">
        {(closeMenu) => (
          <>
            {(['links', 'yaml'] as const).map((name) => (
              <button
                key={name}
                type="button"
                onClick={() => {
                  closeMenu();
                  setOpen(name);
                }}
              >
                {name === 'links' ? 'Links…' : 'Save as YAML…'}
              </button>
            ))}
            <button
              type="button"
              onClick={() => {
                closeMenu();
                const cycle = state.pages.length > 1 ? { cycle: CYCLE } : {};
                state.change((view) => ({ ...view, kiosk: true, ...cycle }));
              }}
            >
              Kiosk (Esc leaves it)
            </button>
          </>
        )}
      </Menu>
      {open === 'links' && <DashboardLinks state={state} onClose={close} />}
      {open === 'yaml' && <DashboardYaml state={state} onClose={close} />}
    </>
  );
}

function DashboardLinks({
  state,
  onClose,
}: {
  state: DashboardState;
  onClose: () => void;
}): JSX.Element {
  const { datasets } = useStore();
  const { snapshots: _, ...live } = state.view.value;
  const pinned: Record<string, string> = {};
  for (const name of state.datasets) {
    const snapshot = state.view.value.snapshots?.[name] ?? datasets.find(name)?.snapshot;
    if (snapshot) pinned[name] = snapshot;
  }
  const urlOf = (view: DashboardView): string =>
    new URL(formatDashboardAddress(view), document.baseURI).href;
  return (
    <Dialog title="Links" wide onClose={onClose}>
      <CodeBlock label="Live: shows the newest data" code={urlOf(live)} />
      <CodeBlock
        label="Pinned: shows these very rows, as long as the snapshots are kept"
        code={urlOf({ ...live, snapshots: pinned })}
      />
      <CodeBlock
        label="Kiosk: for a screen on the wall"
        code={urlOf({ ...live, kiosk: true, cycle: CYCLE })}
      />
    </Dialog>
  );
}

function DashboardYaml({
  state,
  onClose,
}: {
  state: DashboardState;
  onClose: () => void;
}): JSX.Element {
  const text = writeYaml({
    dashboards: { [state.name]: dashboardAsShown(state.dashboard, state.view.value) },
  });
  return (
    <Dialog title="Save as YAML" wide onClose={onClose}>
      <p class="muted">
        The dashboard as you see it: filters and axes that you chose are what it begins with.
      </p>
      <CodeBlock label="For halftone.yaml" code={text} />
      <SaveYaml text={`version: 1\n${text}`} name={`${state.name}.yaml`} />
    </Dialog>
  );
}
