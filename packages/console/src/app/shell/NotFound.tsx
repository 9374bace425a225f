import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../../parts/ButtonLink.tsx';
import { Empty } from '../../parts/states.tsx';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <main className="page" id="content">
      <Empty
        title={t('notFound.title')}
        teach={t('notFound.teach')}
        action={
          <ButtonLink main to="/">
            {t('nav.today')}
          </ButtonLink>
        }
      />
    </main>
  );
}
