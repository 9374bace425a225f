import type { Leak, TablePage } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../format/useFormat.ts';
import { Badge } from '../../parts/Badge.tsx';
import { Section } from '../../parts/Page.tsx';
import { useWords } from '../../parts/useWords.ts';
import { useChoices, without } from './choices.ts';

/** Columns that may know the outcome, what speaks for it, and the word of a person. */
export function Leaks({ page }: { page: TablePage }) {
  const { t } = useTranslation();
  if (page.leaks.length === 0) return null;
  return (
    <Section title={t('tables.leaks.title')} note={t('tables.leaks.note')}>
      <ul className="leaks">
        {page.leaks.map(leak => (
          <LeakLine key={`${leak.column} ${leak.sign}`} leak={leak} page={page} />
        ))}
      </ul>
    </Section>
  );
}

function LeakLine({ leak, page }: { leak: Leak; page: TablePage }) {
  const { t } = useTranslation();
  const say = useWords();
  const isKept = page.choices.keep.includes(leak.column);
  const isOut = page.left_out.some(({ column }) => column === leak.column);
  return (
    <li>
      <div>
        <p>
          <b>{leak.column === '' ? t('tables.leaks.order') : leak.column}</b>{' '}
          {leak.verdict === 'warning' ? (
            <Badge tone="warn">{isOut ? t('tables.leaks.leak') : t('tables.leaks.warning')}</Badge>
          ) : (
            <Badge tone={isKept ? 'warn' : 'bad'}>
              {isKept ? t('tables.leaks.kept') : t('tables.leaks.leak')}
            </Badge>
          )}
        </p>
        <p className="leak-evidence">{say(leak.evidence)}</p>
      </div>
      <Alone leak={leak} />
      {leak.column !== '' && <Decide leak={leak} page={page} isOut={isOut} />}
    </li>
  );
}

/** Two bars: how much it tells alone, beside the best of the others; half is nothing. */
function Alone({ leak }: { leak: Leak }) {
  const { t } = useTranslation();
  const format = useFormat();
  const width = (auc: number) => `${Math.max(0, Math.min(100, 200 * (auc - 0.5)))}%`;
  return (
    <dl className="leak-bars">
      {[[t('tables.leaks.alone'), leak.auc] as const, [t('tables.leaks.next'), leak.next_auc] as const].map(
        ([name, auc]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <i aria-hidden="true">
                <b style={{ width: width(auc) }} />
              </i>
              <span className="figures">AUC {format.decimal(auc)}</span>
            </dd>
          </div>
        ),
      )}
    </dl>
  );
}

function Decide({ leak, page, isOut }: { leak: Leak; page: TablePage; isOut: boolean }) {
  const { t } = useTranslation();
  const { change, isBusy } = useChoices(page);
  const { leave_out, keep } = page.choices;
  const { column } = leak;
  if (leak.sign === 'id_tells') return null;
  const decide = () =>
    isOut
      ? change({
          leave_out: without(leave_out, column),
          keep: leak.verdict === 'leak' ? [...keep, column] : keep,
        })
      : change({
          leave_out: leak.verdict === 'leak' ? leave_out : [...leave_out, column],
          keep: without(keep, column),
        });
  return (
    <button type="button" className="button" disabled={isBusy} onClick={decide}>
      {isOut ? t('tables.leaks.keep') : t('tables.leaks.drop')}
    </button>
  );
}
