import { api, type TableCheck } from '@bellwether/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../app/api.ts';
import { Section } from '../../parts/Page.tsx';
import { useWords } from '../../parts/useWords.ts';
import { DropTable } from './DropTable.tsx';

/** Another file with the same columns: looked at first, then told row by row as it is downloaded. */
export function PredictFile({ id }: { id: string }) {
  const { t } = useTranslation();
  const say = useWords();
  const [found, setFound] = useState<{ check: TableCheck; upload: string } | null>(null);
  return (
    <Section title={t('tables.predict.title')} note={t('tables.predict.note')}>
      <DropTable
        hint={t('tables.predict.drop')}
        note={t('tables.drop.kinds')}
        onFile={async ({ upload_id }) => {
          const check = await client.call(api.tables.check, { params: { id }, body: { upload_id } });
          setFound({ check, upload: upload_id });
        }}
      />
      {found && (
        <div className="predict-found" role="status">
          <p>
            {found.check.ready
              ? t('tables.predict.ready', { file: found.check.file_name })
              : t('tables.predict.not', { file: found.check.file_name })}
          </p>
          {found.check.notes.map(note => (
            <p className="advice" key={note.en}>
              {say(note)}
            </p>
          ))}
          {found.check.ready && (
            <a
              className="button main-button"
              href={`/v1/tables/${encodeURIComponent(id)}/predictions/${found.upload}`}
              download
            >
              {t('tables.predict.do')}
            </a>
          )}
        </div>
      )}
    </Section>
  );
}
