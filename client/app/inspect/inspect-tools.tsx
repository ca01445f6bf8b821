import { useState } from 'preact/hooks';
import type { ComponentType, JSX } from 'preact';
import { titleOf } from '../picture/title.js';
import { useStore } from '../store.js';
import { Tool } from '../tool.js';
import type { InspectDialogProps, InspectTab } from './inspect-dialog.js';
import type { Subject } from './subject.js';

/** The buttons that open what is behind the picture. The dialog is loaded when it is first wanted. */
export function InspectTools(): JSX.Element {
  const { shown, plot, message } = useStore();
  const [opened, setOpened] = useState<{
    Dialog: ComponentType<InspectDialogProps>;
    tab: InspectTab;
    subject: Subject;
  }>();
  const current = shown.value;
  const drawn = plot.value;
  const open = async (tab: InspectTab): Promise<void> => {
    if (!current || !drawn) return;
    try {
      const { default: Dialog } = await import('./inspect-dialog.js');
      setOpened({ Dialog, tab, subject: { ...current, title: titleOf(drawn) } });
    } catch (error) {
      message.value = `The dialog could not be loaded: ${(error as Error).message}`;
    }
  };
  return (
    <>
      <Tool icon="inspect" label="Inspect" disabled={!current} onClick={() => void open('how')} />
      <Tool
        icon="proof"
        label="Prove it"
        class="wide-only"
        disabled={!current}
        onClick={() => void open('proof')}
      />
      <Tool
        icon="code"
        label="API"
        class="wide-only"
        disabled={!current}
        onClick={() => void open('api')}
      />
      {opened && (
        <opened.Dialog
          subject={opened.subject}
          tab={opened.tab}
          onClose={() => setOpened(undefined)}
        />
      )}
    </>
  );
}
