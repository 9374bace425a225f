import { Rng } from '@bellwether/ml';

/** One made customer; `person` is the truth, the same for records of one person. */
export interface Made {
  customer_id: string;
  person: number;
  name: string;
  email: string;
  phone: string;
  city: string;
  country: string;
  gender: string;
  age: number | null;
}

const FAMILY_LATIN = syllables(1200, 3);
const GIVEN_LATIN = syllables(500, 2);
const FAMILY_HAN = Array.from(
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤',
);
const GIVEN_HAN = Array.from(
  '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉建国志文辉力宏波宁贵福生龙元全胜学祥才发武新利清飞彬富顺信子浩宇轩涵怡欣悦琪婷雪',
);
const PROVIDERS = ['gmail.com', 'mail.com', 'outlook.com', 'qq.com', '163.com', 'web.de'];

/** Words that can be said, some common and some rare, as names are. */
function syllables(count: number, length: number): string[] {
  const rng = new Rng(7 * count + length);
  const parts = Array.from('bdfghjklmnprstvwz').flatMap(first =>
    Array.from('aeiou').map(vowel => first + vowel),
  );
  return Array.from({ length: count }, () => {
    const word =
      Array.from({ length }, () => pick(rng, parts)).join('') + pick(rng, ['', 'n', 'r', 's', 'l']);
    return word[0].toUpperCase() + word.slice(1);
  });
}

function pick<T>(rng: Rng, from: readonly T[]): T {
  return from[Math.floor(rng.uniform() * from.length)];
}
/** Zipf-like: the first are common. */
const common = <T>(rng: Rng, from: readonly T[]): T => from[Math.floor(from.length ** rng.uniform()) - 1];

/**
 * Customers of whom a tenth are there twice, and a fifth of those three times, with what people do: slips of the pen,
 * family name first or last, a Chinese name in pinyin, a new phone or address, another provider, a field left out.
 * Couples share a telephone and a city, families a name.
 */
export function* madeCustomers(count: number, seed = 1): Generator<Made> {
  const rng = new Rng(seed);
  let n = 0;
  for (let person = 0; n < count; person++) {
    const first = madePerson(rng, person, count);
    yield { ...first, customer_id: `c${n++}` };
    if (rng.uniform() < 0.03 && n < count) yield { ...partner(rng, first, ++person), customer_id: `c${n++}` };
    for (let chance = 0.11; rng.uniform() < chance && n < count; chance = 0.2)
      yield { ...again(rng, first), customer_id: `c${n++}` };
  }
}

function madePerson(rng: Rng, person: number, count: number): Made {
  const isHan = rng.uniform() < 0.3;
  const family = common(rng, isHan ? FAMILY_HAN : FAMILY_LATIN);
  const given = isHan
    ? pick(rng, GIVEN_HAN) + (rng.uniform() < 0.7 ? pick(rng, GIVEN_HAN) : '')
    : common(rng, GIVEN_LATIN);
  const mailbox = isHan
    ? `u${Math.floor(rng.uniform() * 1e9)}`
    : `${given}.${family}${Math.floor(rng.uniform() * count)}`;
  return {
    customer_id: '',
    person,
    name: isHan ? family + given : `${given} ${family}`,
    email: rng.uniform() < 0.85 ? `${mailbox.toLowerCase()}@${pick(rng, PROVIDERS)}` : '',
    phone: rng.uniform() < 0.75 ? `+86139${digits(rng, 8)}` : '',
    city: `City ${Math.floor(300 ** rng.uniform())}`,
    country: isHan ? 'China' : 'Germany',
    gender: rng.uniform() < 0.8 ? pick(rng, ['female', 'male']) : '',
    age: rng.uniform() < 0.7 ? 18 + Math.floor(rng.uniform() * 60) : null,
  };
}

const digits = (rng: Rng, length: number): string =>
  Array.from({ length }, () => Math.floor(rng.uniform() * 10)).join('');

/** Somebody else at the same telephone, in the same place, of the same family name. */
function partner(rng: Rng, { name, phone, city, country, gender }: Made, person: number): Made {
  const other = madePerson(rng, person, 1e6);
  const family = /^\p{Script=Han}/u.test(name) ? name[0] : name.split(' ')[1];
  const mine = /^\p{Script=Han}/u.test(other.name) ? other.name.slice(1) : other.name.split(' ')[0];
  const isHan = /^\p{Script=Han}/u.test(name);
  return {
    ...other,
    name: isHan
      ? family + (/^\p{Script=Han}/u.test(mine) ? mine : pick(rng, GIVEN_HAN))
      : `${mine} ${family}`,
    phone,
    city,
    country,
    gender: gender === 'female' ? 'male' : 'female',
  };
}

/** The same person once more, as they would sign up again. */
function again(rng: Rng, first: Made): Made {
  const second = { ...first };
  const happens = (chance: number): boolean => rng.uniform() < chance;
  if (happens(0.25)) second.name = swapped(second.name);
  if (happens(0.2)) second.name = slip(rng, second.name);
  if (happens(0.3)) second.email = '';
  else if (second.email !== '' && happens(0.3)) second.email = newAddress(rng, second.email);
  if (happens(0.3)) second.phone = '';
  else if (second.phone !== '' && happens(0.25)) second.phone = `+86138${digits(rng, 8)}`;
  if (happens(0.15)) second.city = `City ${Math.floor(300 ** rng.uniform())}`;
  if (happens(0.2)) second.age = null;
  else if (second.age !== null && happens(0.2)) second.age += 1;
  if (happens(0.2)) second.gender = '';
  return second;
}

const swapped = (name: string): string =>
  /\p{Script=Han}/u.test(name) ? `${name[0]} ${name.slice(1)}` : name.split(' ').toReversed().join(' ');

function slip(rng: Rng, text: string): string {
  if (text.length < 4) return text;
  const at = 1 + Math.floor(rng.uniform() * (text.length - 2));
  return rng.uniform() < 0.5
    ? text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2)
    : text.slice(0, at) + pick(rng, Array.from('aeioulnrst')) + text.slice(at + 1);
}

function newAddress(rng: Rng, email: string): string {
  const [local, domain] = email.split('@');
  const kind = rng.uniform();
  if (kind < 0.4) return `${local}@${pick(rng, PROVIDERS)}`;
  if (kind < 0.6) return `${local}+shop@${domain}`;
  return kind < 0.8 ? `${slip(rng, local)}@${domain}` : `x${Math.floor(rng.uniform() * 1e9)}@${domain}`;
}
