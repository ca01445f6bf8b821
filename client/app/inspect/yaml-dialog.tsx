import type { JSX } from 'preact';
import { chartOfView } from '../../../protocol/dashboard/chart-words.js';
import { saveFile } from '../clipboard.js';
import { Dialog } from '../dialog.js';
import { useStore } from '../store.js';
import { CodeBlock } from './code-block.js';
import { writeYaml } from './write-yaml.js';
import '../../styles/inspect.css';

/** The picture as a chart of a dashboard: to be pasted under `items:`, or a whole dashboard to begin with. */
export function YamlDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const { navigation } = useStore();
  const view = navigation.view.value!;
  const item = { chart: chartOfView(view) };
  const dashboard = writeYaml({
    dashboards: { [view.dataset]: { title: view.dataset, items: [item] } },
  });
  return (
    <Dialog title="Save as YAML" wide onClose={onClose}>
      <CodeBlock label="A chart, for the items of a dashboard" code={writeYaml([item])} />
      <CodeBlock label="A dashboard, for halftone.yaml" code={dashboard} />
      <SaveYaml text={`version: 1\n${dashboard}`} name={`${view.dataset}.yaml`} />
    </Dialog>
  );
}

/** A button that saves a text as a file of YAML. */
export function SaveYaml({ text, name }: { text: string; name: string }): JSX.Element {
  return (
    <div class="row-of-buttons">
      <button
        type="button"
        class="button primary"
        onClick={() => saveFile(new Blob([text], { type: 'application/yaml' }), name)}
      >
        Download {name}
      </button>
    </div>
  );
}
