import type { Words } from '@bellwether/contracts';

/** One way in which two values of a field may stand to each other. */
export interface Level {
  name: string;
  words: Words;
  /** How often two records of one person stand so, before the data have spoken; the levels of a field add up to 1. */
  m: number;
}

/** One field that two customers are compared by. Its levels are numbered from 1; 0 is "one of them does not say". */
export interface Field {
  name: string;
  words: Words;
  levels: readonly Level[];
  /**
   * Shares of people who have this address or name together with somebody else, whatever the data say: what two people
   * in a thousand share can never prove that they are one. Only where agreement is so rare that random pairs do not
   * show it.
   */
  shared?: number;
  /** Whether m is taken as it is told here: couples at one telephone would teach that a person's gender changes. */
  isGiven?: boolean;
}

const level = (name: string, m: number, en: string, zh: string): Level => ({
  name,
  m,
  words: { en, 'zh-CN': zh },
});

/** In the order in which compare.sql packs them: three bits a field, the first field in the lowest. */
export const FIELDS: readonly Field[] = [
  {
    name: 'email',
    words: { en: 'e-mail', 'zh-CN': '邮箱' },
    shared: 0.01,
    levels: [
      level('same', 0.55, 'the same e-mail address', '邮箱相同'),
      level('same_mailbox', 0.05, 'the same mailbox, but for dots and tags', '邮箱相同（仅点号或标签不同）'),
      level('same_local', 0.1, 'the same name before the @, at another provider', '@ 前相同，服务商不同'),
      level('close', 0.1, 'e-mail addresses that differ by a slip', '邮箱仅有笔误之差'),
      level('other', 0.2, 'other e-mail addresses', '邮箱不同'),
    ],
  },
  {
    name: 'phone',
    words: { en: 'phone', 'zh-CN': '电话' },
    shared: 0.03,
    levels: [
      level('same', 0.6, 'the same phone number', '电话相同'),
      level('same_end', 0.05, 'phone numbers with the same last eight digits', '电话后八位相同'),
      level('close', 0.05, 'phone numbers that differ by one digit', '电话仅差一位'),
      level('other', 0.3, 'other phone numbers', '电话不同'),
    ],
  },
  {
    name: 'name',
    words: { en: 'name', 'zh-CN': '姓名' },
    shared: 0.1,
    levels: [
      level('same_rare', 0.4, 'the same rare name', '同名，且该姓名少见'),
      level('same_known', 0.2, 'the same name, which some others have', '同名，另有一些人同名'),
      level('same_common', 0.1, 'the same name, which many have', '同名，但该姓名很常见'),
      level('close', 0.15, 'names that sound alike or differ by a slip', '姓名读音相近或仅有笔误'),
      level('part', 0.05, 'names that share a part', '姓名有一部分相同'),
      level('other', 0.1, 'other names', '姓名不同'),
    ],
  },
  {
    name: 'city',
    words: { en: 'city', 'zh-CN': '城市' },
    levels: [
      level('same', 0.75, 'the same city', '城市相同'),
      level('close', 0.05, 'cities spelt almost alike', '城市写法相近'),
      level('other', 0.2, 'other cities', '城市不同'),
    ],
  },
  {
    name: 'age',
    words: { en: 'age', 'zh-CN': '年龄' },
    levels: [
      level('same', 0.85, 'the same age, within a year', '年龄相同（相差不超过一岁）'),
      level('near', 0.05, 'ages two to five years apart', '年龄相差二至五岁'),
      level('other', 0.1, 'other ages', '年龄不同'),
    ],
  },
  {
    name: 'gender',
    words: { en: 'gender', 'zh-CN': '性别' },
    isGiven: true,
    levels: [
      level('same', 0.98, 'the same gender', '性别相同'),
      level('other', 0.02, 'other genders', '性别不同'),
    ],
  },
  {
    name: 'country',
    words: { en: 'country', 'zh-CN': '国家' },
    levels: [
      level('same', 0.97, 'the same country', '国家相同'),
      level('other', 0.03, 'other countries', '国家不同'),
    ],
  },
];

/** Bits of a pattern that hold one field's level. */
const BITS = 3;

/** The levels of a pattern, one a field, 0 where one of the two does not say. */
export function levelsOf(pattern: number): number[] {
  return FIELDS.map((_, field) => (pattern >> (BITS * field)) & (2 ** BITS - 1));
}

/** One key under which customers are put beside each other; only those who share one are compared. */
export interface Blocking {
  name: string;
  words: Words;
  /** SQL over a row of duplicates_people: the key, '' for none. */
  key: string;
}

const blocking = (name: string, key: string, en: string, zh: string): Blocking => ({
  name,
  key,
  words: { en, 'zh-CN': zh },
});

export const BLOCKINGS: readonly Blocking[] = [
  blocking('mailbox', "if(mailbox = '', '', concat(mailbox, '@', domain))", 'mailbox', '邮箱'),
  blocking('local', "if(length(mailbox) < 6, '', mailbox)", 'name before the @', '@ 前的部分'),
  blocking('phone', 'phone_end', 'last eight digits of the phone', '电话后八位'),
  blocking(
    'name_city',
    "if(latin = '' OR city_key = '', '', concat(latin, '|', city_key))",
    'name in any order, and city',
    '姓名（不论顺序）与城市',
  ),
  blocking(
    'sound_age',
    "if(sound = '' OR isNull(age), '', concat(sound, '|', toString(age), '|', gender))",
    'sound of the name, age and gender',
    '姓名读音、年龄与性别',
  ),
  blocking(
    'sound_city',
    "if(sound = '' OR city_key = '' OR isNull(age), '', concat(sound, '|', city_key, '|', toString(intDiv(toInt32(age) + 1, 3))))",
    'sound of the name, city and about the age',
    '姓名读音、城市与大致年龄',
  ),
  blocking(
    'name_phone',
    "if(latin = '' OR length(phone_end) < 8, '', concat(left(latin, 4), '|', right(phone_end, 4)))",
    'beginning of the name and last four digits of the phone',
    '姓名开头与电话后四位',
  ),
];
