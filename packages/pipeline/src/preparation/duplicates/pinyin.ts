import { sqlBeside } from '@bellwether/warehouse';

/** The characters of GB 2312 by their most usual reading, one syllable a line (oracles/pinyin.py). */
const READINGS = sqlBeside(import.meta.url, 'pinyin.txt')
  .trim()
  .split('\n')
  .map(line => line.split(' '));

/** Family names of two characters that are still common; all others have one. */
export const LONG_FAMILY_NAMES = [
  '欧阳',
  '司马',
  '上官',
  '诸葛',
  '司徒',
  '东方',
  '夏侯',
  '皇甫',
  '尉迟',
  '公孙',
];

/**
 * SQL: a text of Chinese characters in Latin letters, without tones; other characters stay. A name is read as most people
 * would read it: rarer readings are missed, which leaves two names apart, never joins them.
 *
 * @example pinyinSql("'王芳'") // an expression with the value 'wangfang'
 */
export function pinyinSql(text: string): string {
  const characters = READINGS.map(([, all]) => all).join('');
  const syllables = READINGS.flatMap(([syllable, all = '']) => Array.from(all, () => syllable)).join(' ');
  return `arrayStringConcat(arrayMap(c -> transform(c, extractAll('${characters}', '.'), splitByChar(' ', '${syllables}'), c), extractAll(${text}, '.')))`;
}
