import type { Preview } from '@bellwether/contracts';
import { useRef, useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Icon } from '../../parts/Icon.tsx';
import { Fault } from '../../parts/states.tsx';

/** A place to drop an export on; the file is looked at, nothing is imported yet. */
export function DropFile({ onPreview }: { onPreview: (preview: Preview) => void }) {
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
      onPreview(await client.upload(chosen.name, chosen));
    } catch (fault) {
      setError(fault);
    }
    setFile(null);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void send(event.dataTransfer.files[0]);
  };
  return (
    <div className="drop-box">
      <div
        className={isOver ? 'drop is-over' : 'drop'}
        onDragOver={event => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <Icon name="collect" size={22} />
        <div>
          <p>
            {file ? t('drop.sending', { name: file.name, size: format.bytes(file.size) }) : t('drop.hint')}
          </p>
          <p className="note">{t('drop.kinds')}</p>
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
