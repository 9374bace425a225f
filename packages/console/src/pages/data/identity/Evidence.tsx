import type { DuplicatePair } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../format/useFormat.ts';
import { useWords } from '../../../parts/useWords.ts';

interface Step {
  name: string;
  from: number;
  to: number;
  title: string;
}

/** From how rare duplicates are, field by field, to what all say together. Each step is log2 of a ratio of odds. */
export function Evidence({ pair }: { pair: DuplicatePair }) {
  const { t } = useTranslation();
  const say = useWords();
  const times = useTimes();
  const steps: Step[] = [{ name: t('evidence.prior'), from: 0, to: pair.prior_bits, title: '' }];
  for (const { words, bits } of pair.evidence) {
    const from = steps.at(-1)?.to ?? 0;
    steps.push({ name: say(words), from, to: from + bits, title: times(bits) });
  }
  const all = steps.flatMap(({ from, to }) => [from, to]);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const place = (bits: number): number => ((bits - low) / Math.max(1e-9, high - low)) * 100;
  return (
    <section aria-label={t('evidence.title')}>
      <h3>{t('evidence.title')}</h3>
      <ol className="evidence-steps" style={{ ['--even' as string]: `${place(0)}%` }}>
        {steps.map(({ name, from, to, title }) => (
          <li key={name}>
            <span>{name}</span>
            <i aria-hidden="true">
              <b
                className={to < from ? 'is-less' : 'is-more'}
                style={{
                  left: `${place(Math.min(from, to))}%`,
                  width: `${place(Math.max(from, to)) - place(Math.min(from, to))}%`,
                }}
              />
            </i>
            <span className="note">{title}</span>
          </li>
        ))}
      </ol>
      <p className="note">{t('evidence.note')}</p>
    </section>
  );
}

/** Bits as people say them: so many times likelier, for or against. */
function useTimes(): (bits: number) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return bits => {
    if (Math.abs(bits) < 0.15) return t('evidence.nothing');
    const ratio = 2 ** Math.abs(bits);
    const n = ratio < 10 ? format.decimal(ratio, 1) : format.brief(Math.round(ratio));
    return t(bits > 0 ? 'evidence.for' : 'evidence.against', { n });
  };
}
