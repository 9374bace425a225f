import type { Need } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../format/useFormat.ts';
import { Badge } from '../../parts/Badge.tsx';
import { Section } from '../../parts/Page.tsx';
import { Ago } from '../../parts/time.tsx';
import { useWords } from '../../parts/useWords.ts';

/** What must be there before anything can be learned, and whether it is. */
export function Needs({ needs }: { needs: readonly Need[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  return (
    <Section title={t('needs.title')}>
      <ul className="needs">
        {needs.map(need => (
          <li key={need.what.en}>
            <Badge tone={need.met ? 'good' : 'warn'}>{need.met ? t('needs.met') : t('needs.missing')}</Badge>
            <span>{say(need.what)}</span>
            <span className="figures">
              {t('needs.have', { have: format.brief(need.have), need: format.brief(need.need) })}
            </span>
            <span className="quiet">{need.freshest === null ? '' : <Ago at={need.freshest} />}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
