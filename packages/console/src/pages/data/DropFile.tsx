import type { Preview } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { client } from '../../app/api.ts';
import { FileDrop } from '../../parts/FileDrop.tsx';

/** A place to drop an export on; the file is looked at, nothing is imported yet. */
export function DropFile({ onPreview }: { onPreview: (preview: Preview) => void }) {
  const { t } = useTranslation();
  return (
    <FileDrop
      hint={t('drop.hint')}
      note={t('drop.kinds')}
      onFile={async file => onPreview(await client.upload(file.name, file))}
    />
  );
}
