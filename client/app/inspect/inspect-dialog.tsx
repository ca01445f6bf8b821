import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import '../../styles/inspect.css';
import { Dialog } from '../dialog.js';
import { RadioGroup } from '../radio-group.js';
import { ApiTab } from './api-tab.js';
import { InspectorTab } from './inspector-tab.js';
import { ProofTab } from './proof-tab.js';
import type { Subject } from './subject.js';

/** The sides of a picture that can be looked at. */
export type InspectTab = 'how' | 'proof' | 'api';

export interface InspectDialogProps {
  subject: Subject;
  tab?: InspectTab;
  onClose: () => void;
}

const TABS: readonly { value: InspectTab; content: string }[] = [
  { value: 'how', content: 'How it was made' },
  { value: 'proof', content: 'Prove it' },
  { value: 'api', content: 'API' },
];

/** What is behind a picture: how it was made, whether it is true, and how a program gets it. */
export default function InspectDialog({
  subject,
  tab: first = 'how',
  onClose,
}: InspectDialogProps): JSX.Element {
  const [tab, setTab] = useState(first);
  // What is on the screen may change behind the dialog; it speaks of the picture that it was opened for.
  const [opened] = useState(subject);
  return (
    <Dialog title={opened.title} onClose={onClose}>
      <div class="inspect">
        <RadioGroup
          label="About this picture"
          look="segmented"
          value={tab}
          options={TABS}
          onChoose={setTab}
        />
        {tab === 'how' && <InspectorTab subject={opened} />}
        {tab === 'proof' && <ProofTab subject={opened} />}
        {tab === 'api' && <ApiTab subject={opened} />}
      </div>
    </Dialog>
  );
}
