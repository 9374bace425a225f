/** Codes that shops book as order lines and that are no product, in capitals: what each stands for is beside it. */
export const NOT_PRODUCTS: readonly string[] = [
  'POST', // postage
  'POSTAGE',
  'SHIPPING',
  'DOT', // postage of another channel
  'C2', // carriage
  'M', // booked by hand
  'MANUAL',
  'D', // discount
  'DISCOUNT',
  'S', // samples
  'PADS', // pads to match cushions, booked at no value
  'B', // adjustment of bad debt
  'CRUK', // commission to a charity
  'BANK CHARGES',
  'AMAZONFEE',
  '运费', // postage
  '邮费',
  '补差价', // a difference in price, paid later
];

/** Codes that follow a rule: gift vouchers (`gift_0001_20`) and tests (`TEST`, `TEST001`). Matched in capitals. */
export const NOT_PRODUCT_PATTERN = '^(GIFT[_-][0-9].*|TEST[_-]?[0-9]*)$';
