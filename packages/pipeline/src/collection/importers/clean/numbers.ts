/** One number, with a currency's sign or code before or after it, signs and brackets of accountants included. */
const ONE_NUMBER = "^[^0-9]{0,6}[0-9][0-9.,' \u00a0]*[^0-9]{0,6}$";

/** What shows that a column writes 1.234,56, and that it writes 1,234.56. */
export const COMMA_DECIMALS = ',[0-9]{1,2}[^0-9]*$';
export const POINT_DECIMALS = '[.][0-9]+[^0-9]*$';

/**
 * SQL for the number that a text says (`1,234.50`, `£2.55`, `1.234,50 €`, `(12.00)`, `5-`, `1e3`), null where it says
 * none or more than one.
 */
export function numberValue(said: string, decimalComma: boolean): string {
  const plain = `toFloat64OrNull(${said})`;
  const digits = `replaceRegexpAll(${said}, '[^0-9.,()-]', '')`;
  const points = decimalComma
    ? `replaceOne(replaceAll(${digits}, '.', ''), ',', '.')`
    : `replaceAll(${digits}, ',', '')`;
  const signed = `replaceRegexpOne(replaceRegexpOne(${points}, '^[(](.*)[)]$', '-\\\\1'), '^(.*)-$', '-\\\\1')`;
  const isPlain = decimalComma ? `match(${said}, '^-?[0-9]+$')` : `isFinite(ifNull(${plain}, nan))`;
  return `multiIf(${isPlain}, ${plain}, match(${said}, '${ONE_NUMBER.replaceAll("'", "\\'")}'), toFloat64OrNull(${signed}), NULL)`;
}
