import { api, type CardFormat, type ModelVersion } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { client } from '../../app/api.ts';
import { download } from '../../parts/csv.ts';
import { useToaster } from '../../parts/Toaster.tsx';

const PAGES = [
  ['en', 'English', 'html'],
  ['en', 'English', 'md'],
  ['zh-CN', '中文', 'html'],
  ['zh-CN', '中文', 'md'],
] as const satisfies readonly (readonly ['en' | 'zh-CN', string, CardFormat])[];

/** A version's card as a page to file, in either language. */
export function CardPage({ version }: { version: ModelVersion }) {
  const { t } = useTranslation();
  const toaster = useToaster();
  const save = (locale: 'en' | 'zh-CN', format: CardFormat) =>
    void client
      .call(api.operations.card, {
        params: { name: version.scenario, version: version.version },
        query: { locale, format },
      })
      .then(({ file, type, text }) => download(file, text, type))
      .catch((error: unknown) => toaster.fault(error));
  return (
    <p className="note card-pages">
      {t('cardPage.title', { version: version.version })}
      {PAGES.map(([locale, language, format]) => (
        <button
          key={`${locale}-${format}`}
          type="button"
          className="link"
          onClick={() => save(locale, format)}
        >
          {language} ({format})
        </button>
      ))}
    </p>
  );
}
