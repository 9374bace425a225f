import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../../parts/ButtonLink.tsx';
import { Empty } from '../../parts/states.tsx';

/** A clean installation: what this page will show and the one thing that gets it there. */
export function FirstSteps() {
  const { t } = useTranslation();
  return (
    <section className="card section" aria-label={t('today.empty.title')}>
      <Empty
        title={t('today.empty.title')}
        teach={t('today.empty.teach')}
        action={
          <ButtonLink main to="/data" search={{ tab: 'imports' }}>
            {t('today.empty.do')}
          </ButtonLink>
        }
      />
    </section>
  );
}
