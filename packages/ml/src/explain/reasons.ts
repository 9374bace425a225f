import type { Contributions } from '../estimator.ts';
import { required } from '../errors.ts';
import { columnOf, dictionaryOf, type Table } from '../table.ts';

/** How a feature is spoken of: plain data, in any language. */
export interface FeatureWords {
  /** `days since the last order` */
  name: string;
  /** What is said of its categories, where other than their own words. */
  words?: Readonly<Record<string, string>>;
  /** What is said where it has no value. */
  missing?: string;
  /** How its numbers are written, as `Intl.NumberFormat` takes it. */
  format?: Intl.NumberFormatOptions;
}

export interface ReasonOptions {
  /** By feature; one that is not in it is called by its own name. */
  words?: Readonly<Record<string, FeatureWords>>;
  /** Language tag by which numbers are written. */
  locale?: string;
  /** Reasons at most. */
  count?: number;
  /** Sentences in which {name} and {value} are filled in. */
  sentences?: { raises: string; lowers: string };
}

/** Why a row's score is not the average row's: one feature's part in it. */
export interface Reason {
  feature: string;
  name: string;
  /** As it is written; the missing word where there is none. */
  value: string;
  /** In units of the score. */
  contribution: number;
  raises: boolean;
  /** Its size as a share of the sizes of all. */
  share: number;
  /** Absent where no sentences were given. */
  sentence?: string | undefined;
}

/**
 * The features that moved one row's score most, the largest first, in the caller's words.
 *
 * @param table the rows that the contributions are of, for their values
 * @throws MlError `ml.bad_parameter`, `ml.bad_table`
 * @example
 * reasons(model.contributions(table), table, 0, {
 *   words: { recency: { name: '距上次购买', format: { style: 'unit', unit: 'day' } } },
 *   sentences: { raises: '{name}为{value}，提高了可能性', lowers: '{name}为{value}，降低了可能性' },
 *   locale: 'zh-CN',
 * })[0].sentence; // '距上次购买为3天，提高了可能性'
 */
export function reasons(
  { features, values }: Contributions,
  table: Table,
  row: number,
  options: ReasonOptions = {},
): Reason[] {
  const { count = 3, sentences } = options;
  required(Number.isInteger(row) && row >= 0 && row < table.rows, 'row', 'one of the table', row);
  required(Number.isInteger(count) && count >= 1, 'count', 'a whole number from 1 up', count);
  const own = values.subarray(row * features.length, (row + 1) * features.length);
  const all = own.reduce((sum, value) => sum + Math.abs(value), 0);
  return features
    .map((feature, j) => ({ feature, contribution: own[j] }))
    .filter(({ contribution }) => contribution !== 0)
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    .slice(0, count)
    .map(({ feature, contribution }) => {
      const raises = contribution > 0;
      const said = {
        name: options.words?.[feature]?.name ?? feature,
        value: written(table, row, feature, options),
      };
      const sentence = sentences && filled(raises ? sentences.raises : sentences.lowers, said);
      return { feature, ...said, contribution, raises, share: Math.abs(contribution) / all, sentence };
    });
}

/** A row's value of a feature as it is written. */
function written(table: Table, row: number, feature: string, { words, locale }: ReasonOptions): string {
  const own = words?.[feature];
  const value = columnOf(table, feature)[row];
  if (Number.isNaN(value)) return own?.missing ?? '';
  const word = dictionaryOf(table, feature)?.[value];
  if (word !== undefined) return own?.words?.[word] ?? word;
  return new Intl.NumberFormat(locale, own?.format).format(value);
}

function filled(sentence: string, said: Readonly<Record<'name' | 'value', string>>): string {
  return sentence.replace(/\{(name|value)\}/g, (_, key: 'name' | 'value') => said[key]);
}
