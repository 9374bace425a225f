/**
 * Addresses in the one form by which they are compared. Each rule is written twice, as SQL over a column and as a
 * function over a text, and a test holds the two together.
 *
 * E-mail: full-width characters become ordinary ones, ends are trimmed, capitals become small. Nothing else: dots and
 * `+tags` before the @ are left alone, since only some providers ignore them and a wrong merge costs more than a missed
 * one. What has no single @ with a dot behind it is no address and becomes ''.
 *
 * Phone: full-width digits become ordinary ones; `(0)`, a spreadsheet's `.0` at the end and all that is no digit go.
 * `+` or `00` in front means an international number, written `+digits`. Else eleven digits beginning 13 to 19, with or
 * without 86 or 0 in front, are a mobile number of mainland China: `+86…`. Any other is a national number and keeps its
 * digits without leading zeros: without the country no more can be said. Fewer than 6 digits or more than 15 become ''.
 */
const EMAIL = '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$';
const CHINESE_MOBILE = '^(86|0)?1[3-9][0-9]{9}$';

/** A pattern as an SQL text literal: backslashes doubled. */
const literal = (pattern: string): string => `'${pattern.replaceAll('\\', '\\\\')}'`;

/** SQL: the e-mail address in this column or expression, normalised. */
export function emailSql(column: string): string {
  const clean = `lowerUTF8(trim(normalizeUTF8NFKC(${column})))`;
  return `if(match(${clean}, ${literal(EMAIL)}), ${clean}, '')`;
}

/** @example normalEmail(' Ａnn@Shop.COM ') // 'ann@shop.com' */
export function normalEmail(text: string): string {
  const clean = text
    .normalize('NFKC')
    .replace(/^ +| +$/g, '')
    .toLowerCase();
  return new RegExp(EMAIL).test(clean) ? clean : '';
}

/** SQL: the phone number in this column or expression, normalised. */
export function phoneSql(column: string): string {
  const plain = `replaceRegexpOne(replaceAll(normalizeUTF8NFKC(${column}), '(0)', ''), '\\\\.0 *$', '')`;
  const marked = `replaceRegexpAll(${plain}, '[^0-9+]', '')`;
  const digits = `replaceRegexpOne(replaceAll(${marked}, '+', ''), '^0+', '')`;
  const shaped = `multiIf(
    match(${marked}, '^([+]|00)'), concat('+', ${digits}),
    match(${digits}, ${literal(CHINESE_MOBILE)}), concat('+86', right(${digits}, 11)),
    ${digits})`;
  return `if(length(${digits}) BETWEEN 6 AND 15, ${shaped}, '')`;
}

/** @example normalPhone('００86 138-0013-8000') // '+8613800138000' */
export function normalPhone(text: string): string {
  const plain = text
    .normalize('NFKC')
    .replaceAll('(0)', '')
    .replace(/\.0 *$/, '');
  const marked = plain.replaceAll(/[^0-9+]/g, '');
  const digits = marked.replaceAll('+', '').replace(/^0+/, '');
  if (digits.length < 6 || digits.length > 15) return '';
  if (/^(\+|00)/.test(marked)) return `+${digits}`;
  return new RegExp(CHINESE_MOBILE).test(digits) ? `+86${digits.slice(-11)}` : digits;
}
