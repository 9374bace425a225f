import { api, type Rfm, type RfmCell, type RfmGroup } from '@bellwether/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { ButtonLink } from '../../parts/ButtonLink.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { useWords } from '../../parts/useWords.ts';

const FIFTHS = [1, 2, 3, 4, 5];

/** The grid of recency and frequency: how many are in each cell, what they are called, what to do. */
export function RfmTab() {
  const { t } = useTranslation();
  const query = useApi(api.profile.rfm, {});
  return (
    <Loaded query={query} height={420}>
      {rfm =>
        rfm === null ? (
          <Empty title={t('profile.empty.title')} teach={t('profile.empty.teach')} />
        ) : (
          <Grid rfm={rfm} />
        )
      }
    </Loaded>
  );
}

function Grid({ rfm }: { rfm: Rfm }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const [shown, setShown] = useState<RfmGroup>('champions');
  const group = rfm.groups.find(each => each.group === shown);
  const best = rfm.groups.find(each => each.group === 'champions');
  const answer = t('rfm.answer', {
    n: format.count(best?.customers ?? 0),
    share: format.percent((best?.customers ?? 0) / Math.max(1, rfm.customers)),
    revenue: format.percent((best?.revenue ?? 0) / Math.max(1, rfm.revenue)),
  });
  return (
    <>
      <p className="profile-answer">
        <Rich text={answer} />
      </p>
      <div className="profile-columns rfm">
        <HeatMap rfm={rfm} shown={shown} onShow={setShown} />
        {group && (
          <section className="card portrait" aria-label={say(group.words)}>
            <h3>{say(group.words)}</h3>
            <dl className="rfm-figures">
              <dt>{t('profile.customers')}</dt>
              <dd className="figure">{format.count(group.customers)}</dd>
              <dt>{t('rfm.spent')}</dt>
              <dd className="figure">{format.money(group.revenue, rfm.currency)}</dd>
            </dl>
            <p>{say(group.advice)}</p>
            <div className="actions">
              <ButtonLink to="/customers" search={{ segment: `rfm:${group.group}` }}>
                {t('profile.see')}
              </ButtonLink>
              <ButtonLink
                to="/models/$name"
                params={{ name: 'customer-profile' }}
                search={{ tab: 'lookalikes', seed: `rfm:${group.group}` }}
              >
                {t('profile.alike')}
              </ButtonLink>
            </div>
          </section>
        )}
      </div>
    </>
  );
}

interface HeatMapProps {
  rfm: Rfm;
  shown: RfmGroup;
  onShow: (group: RfmGroup) => void;
}

function HeatMap({ rfm, shown, onShow }: HeatMapProps) {
  const { t } = useTranslation();
  const say = useWords();
  const most = Math.max(1, ...rfm.cells.map(cell => cell.customers));
  const wordsOf = (group: RfmGroup): string => {
    const found = rfm.groups.find(each => each.group === group);
    return found ? say(found.words) : group;
  };
  const at = (recency: number, frequency: number): RfmCell | undefined =>
    rfm.cells.find(cell => cell.recency === recency && cell.frequency === frequency);
  return (
    <div className="card">
      <table className="heat">
        <caption className="note">{t('rfm.caption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('rfm.axes')}</th>
            {FIFTHS.map(fifth => (
              <th key={fifth} scope="col">
                {fifth === 1 ? t('rfm.seldom') : fifth === 5 ? t('rfm.often') : fifth}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {FIFTHS.toReversed().map(recency => (
            <tr key={recency}>
              <th scope="row">
                {recency === 5 ? t('rfm.lately') : recency === 1 ? t('rfm.longAgo') : recency}
              </th>
              {FIFTHS.map(frequency => (
                <Cell
                  key={frequency}
                  cell={at(recency, frequency)}
                  most={most}
                  wordsOf={wordsOf}
                  shown={shown}
                  onShow={onShow}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface CellProps {
  cell: RfmCell | undefined;
  most: number;
  wordsOf: (group: RfmGroup) => string;
  shown: RfmGroup;
  onShow: (group: RfmGroup) => void;
}

function Cell({ cell, most, wordsOf, shown, onShow }: CellProps) {
  const format = useFormat();
  if (cell === undefined) return <td className="heat-none">–</td>;
  const heat = Math.round(6 + (34 * cell.customers) / most);
  return (
    <td>
      <button
        type="button"
        aria-pressed={cell.group === shown}
        onClick={() => onShow(cell.group)}
        style={{ background: `color-mix(in srgb, var(--accent) ${heat}%, var(--surface))` }}
      >
        <b className="figures">{format.count(cell.customers)}</b>
        <span>{wordsOf(cell.group)}</span>
      </button>
    </td>
  );
}
