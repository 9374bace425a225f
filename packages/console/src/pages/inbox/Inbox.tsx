import { api, type Mail } from '@bellwether/contracts';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { ButtonLink } from '../../parts/ButtonLink.tsx';
import { Page } from '../../parts/Page.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { Empty, Loaded, Skeleton } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';

const route = getRouteApi('/shell/inbox');
const PAGE = 50;

/** The demo market's mailbox: every mail as the customer would see it. */
export function Inbox() {
  const { t } = useTranslation();
  const format = useFormat();
  const { mail, page = 0 } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useApi(
    api.engagement.mails,
    { query: { offset: page * PAGE, limit: PAGE } },
    { every: 5_000, keep: true },
  );
  const total = query.data?.total;
  const opened = mail ?? query.data?.rows[0]?.id;
  return (
    <Page
      title={t('nav.inbox')}
      answer={
        total === undefined ? (
          <Skeleton height={32} lines={1} />
        ) : total === 0 ? (
          t('inbox.answer.none')
        ) : (
          <Rich text={t('inbox.answer', { count: total, n: format.brief(total) })} />
        )
      }
    >
      <Loaded query={query} height={420}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty
              title={t('inbox.empty.title')}
              teach={t('inbox.empty.teach')}
              action={
                <ButtonLink main to="/journeys">
                  {t('nav.journeys')}
                </ButtonLink>
              }
            />
          ) : (
            <div className="inbox card">
              <nav aria-label={t('inbox.mails')}>
                {rows.map(row => (
                  <MailLine
                    key={row.id}
                    mail={row}
                    isOpen={row.id === opened}
                    onOpen={() => void navigate({ search: { page, mail: row.id }, resetScroll: false })}
                  />
                ))}
                <Pager
                  page={page}
                  total={total ?? 0}
                  onPage={next => void navigate({ search: { page: next } })}
                />
              </nav>
              {opened !== undefined && <OpenMail id={opened} />}
            </div>
          )
        }
      </Loaded>
    </Page>
  );
}

function MailLine({ mail, isOpen, onOpen }: { mail: Mail; isOpen: boolean; onOpen: () => void }) {
  return (
    <button type="button" className="mail-line" aria-current={isOpen ? 'true' : undefined} onClick={onOpen}>
      <span className="mail-to">{mail.to}</span>
      <Ago at={mail.at} />
      <b>{mail.subject}</b>
    </button>
  );
}

function Pager({ page, total, onPage }: { page: number; total: number; onPage: (page: number) => void }) {
  const { t } = useTranslation();
  const last = Math.max(0, Math.ceil(total / PAGE) - 1);
  return last === 0 ? null : (
    <p className="pager">
      <button type="button" className="button" disabled={page === 0} onClick={() => onPage(page - 1)}>
        {t('pager.newer')}
      </button>
      <button type="button" className="button" disabled={page >= last} onClick={() => onPage(page + 1)}>
        {t('pager.older')}
      </button>
    </p>
  );
}

/** The mail in a frame that may run nothing and reach nobody. */
function OpenMail({ id }: { id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useApi(api.engagement.mail, { params: { id } });
  return (
    <article className="mail">
      <Loaded query={query} height={420}>
        {mail => (
          <>
            <h2>{mail.subject}</h2>
            <p className="note">
              {t('inbox.fromTo', { from: mail.from, to: mail.to })} · {format.moment(mail.at)}
            </p>
            <iframe
              sandbox=""
              title={mail.subject}
              srcDoc={mail.html || `<pre>${escapeHtml(mail.text)}</pre>`}
            />
            <details>
              <summary>{t('inbox.headers')}</summary>
              <dl className="facts">
                {Object.entries(mail.headers).map(([name, value]) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                  </div>
                ))}
              </dl>
            </details>
          </>
        )}
      </Loaded>
    </article>
  );
}

const escapeHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
