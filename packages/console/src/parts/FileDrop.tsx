import { useRef, useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/useFormat.ts';
import { Icon } from './Icon.tsx';
import { Fault } from './states.tsx';

interface FileDropProps {
  hint: string;
  note: string;
  /** What is done with the file; until that is done, the box is busy. */
  onFile: (file: File) => Promise<unknown>;
}

/** A place to drop a file on, or to choose one by. */
export function FileDrop({ hint, note, onFile }: FileDropProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [file, setFile] = useState<File | null>(null);
  const [error, setError] = useState<unknown>(null);
  const send = async (chosen: File | undefined) => {
    if (chosen === undefined) return;
    setFile(chosen);
    setError(null);
    try {
      await onFile(chosen);
    } catch (fault) {
      setError(fault);
    }
    setFile(null);
  };
  const over = (event: DragEvent, isOn: boolean) => {
    event.preventDefault();
    setOver(isOn);
  };
  return (
    <div className="drop-box">
      <div
        className={isOver ? 'drop is-over' : 'drop'}
        onDragOver={event => over(event, true)}
        onDragLeave={event => over(event, false)}
        onDrop={event => {
          over(event, false);
          void send(event.dataTransfer.files[0]);
        }}
      >
        <Icon name="collect" size={22} />
        <div>
          <p>{file ? t('drop.sending', { name: file.name, size: format.bytes(file.size) }) : hint}</p>
          <p className="note">{note}</p>
        </div>
        <button
          type="button"
          className="button main-button"
          disabled={file !== null}
          onClick={() => input.current?.click()}
        >
          {t('drop.choose')}
        </button>
        <input ref={input} type="file" hidden onChange={event => void send(event.target.files?.[0])} />
      </div>
      {file && <progress aria-label={file.name} />}
      {error !== null && <Fault error={error} />}
    </div>
  );
}
