import type { TablePage } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { Section } from '../../parts/Page.tsx';
import { useLookup } from '../../parts/useLookup.ts';

/** Lines of the file that are no rows, with their reasons: nothing is lost. */
export function Refused({ page: { refused } }: { page: TablePage }) {
  const { t } = useTranslation();
  const say = useLookup();
  if (refused.total === 0) return null;
  return (
    <Section title={t('tables.refused.title', { count: refused.total })} note={t('tables.refused.note')}>
      <div className="samples" tabIndex={0} role="group" aria-label={t('tables.refused.note')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('tables.refused.line')}</th>
              <th scope="col">{t('tables.refused.why')}</th>
              <th scope="col">{t('tables.file')}</th>
            </tr>
          </thead>
          <tbody>
            {refused.examples.map(({ line, reason, detail, raw }) => (
              <tr key={line}>
                <td className="figures">{line}</td>
                <td>
                  {say('refusal', reason)} <span className="quiet">{detail}</span>
                </td>
                <td>
                  <code>{raw}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
