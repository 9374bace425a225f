import type { DuplicateRun } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../format/useFormat.ts';
import { useWords } from '../../../parts/useWords.ts';

/** What the run learned without labels: how often two records of one person agree, and two people's. */
export function Learned({ run }: { run: DuplicateRun }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  return (
    <details className="section card learned">
      <summary>{t('learned.title')}</summary>
      <p className="note">{t('learned.note')}</p>
      <table className="compare">
        <thead>
          <tr>
            <th scope="col">{t('learned.level')}</th>
            <th scope="col">{t('learned.m')}</th>
            <th scope="col">{t('learned.u')}</th>
            <th scope="col">{t('learned.bits')}</th>
          </tr>
        </thead>
        <tbody>
          {run.fields.flatMap(({ field, levels }) =>
            levels.map(({ level, words, m, u, bits }) => (
              <tr key={`${field}.${level}`}>
                <th scope="row">{say(words)}</th>
                <td className="figures">{format.percent(m)}</td>
                <td className="figures">{u < 1e-4 ? u.toExponential(1) : format.percent(u)}</td>
                <td className="figures">{bits.toFixed(1)}</td>
              </tr>
            )),
          )}
        </tbody>
      </table>
      <h3>{t('learned.keys')}</h3>
      <table className="compare">
        <thead>
          <tr>
            <th scope="col">{t('learned.key')}</th>
            <th scope="col">{t('learned.pairs')}</th>
            <th scope="col">{t('learned.tooCommon')}</th>
          </tr>
        </thead>
        <tbody>
          {run.blocks.map(({ key, words, pairs, too_common }) => (
            <tr key={key}>
              <th scope="row">{say(words)}</th>
              <td className="figures">{format.count(pairs)}</td>
              <td className="figures">{format.count(too_common)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
