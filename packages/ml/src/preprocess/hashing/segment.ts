/** Words of a text, which is in Unicode's form KC and lower case. */
export type Segment = (text: string) => readonly string[];

const APART = /[^\p{L}\p{M}\p{N}]+/gu;
const HAN = /\p{Script=Han}/gu;

/** Form KC, lower case; every run of what is neither letter, mark nor digit is one space. */
export function normalised(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(APART, ' ').trim();
}

/** Runs of letters and digits; a Han character is a word. */
export function defaultWords(text: string): readonly string[] {
  const clean = normalised(text);
  const spaced = HAN.test(clean) ? clean.replace(HAN, ' $& ') : clean;
  HAN.lastIndex = 0;
  return spaced.split(' ').filter(word => word !== '');
}
