import { api, type ScenarioSummary } from '@bellwether/contracts';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Badge } from '../../parts/Badge.tsx';
import { ButtonLink } from '../../parts/ButtonLink.tsx';
import { Page } from '../../parts/Page.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { Loaded, Skeleton } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useWords } from '../../parts/useWords.ts';

/** What is learned here, and does it stand? */
export function Models() {
  const { t } = useTranslation();
  const query = useApi(api.scenarios.list, {}, { every: 10_000 });
  const learned = query.data?.filter(({ champion }) => champion !== null).length;
  return (
    <Page
      title={t('nav.models')}
      answer={
        query.data === undefined ? (
          <Skeleton height={32} lines={1} />
        ) : (
          <Rich text={t('models.answer', { count: query.data.length, n: query.data.length, learned })} />
        )
      }
    >
      <Loaded query={query}>
        {rows => (
          <ul className="scenario-list card">
            {rows.map(row => (
              <ScenarioLine key={row.name} row={row} />
            ))}
          </ul>
        )}
      </Loaded>
      <section className="card table-link">
        <div>
          <h2>{t('tables.title')}</h2>
          <p className="note">{t('tables.link.note')}</p>
        </div>
        <ButtonLink to="/models/tables">{t('tables.link')}</ButtonLink>
      </section>
    </Page>
  );
}

function ScenarioLine({ row }: { row: ScenarioSummary }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  return (
    <li>
      <Link to="/models/$name" params={{ name: row.name }}>
        <div>
          <h2>{say(row.title)}</h2>
          <p className="note">{say(row.question)}</p>
        </div>
        {row.champion !== null ? (
          <Badge tone="good">{t('models.champion', { version: row.champion })}</Badge>
        ) : (
          <Badge tone={row.ready ? 'neutral' : 'warn'}>
            {row.ready ? t('models.ready') : t('models.notReady')}
          </Badge>
        )}
        <p className="figures">
          {format.brief(row.scored)} <span className="quiet">{t('models.scored')}</span>
          <span className="note block">
            <Ago at={row.scored_at} />
          </span>
        </p>
      </Link>
    </li>
  );
}
