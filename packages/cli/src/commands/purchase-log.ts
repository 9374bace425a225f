import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';

/** Customer, number within a sample, day, units, value: as data sets of the literature on customer base analysis come. */
const LINE = /^\s*(?:\d+\s+)?(\d+)\s+(\d{4})(\d{2})(\d{2})\s+(\d+)\s+(\d+(?:\.\d+)?)\s*$/;
/** Lines looked at before a file is taken for such a log. */
const LOOKED_AT = 20;

/**
 * A purchase log of fixed width without a header, such as CDNOW's, as a CSV of order lines in `folder`; any other file as
 * it is. What was paid stands as one piece of that price, so that nothing is rounded.
 *
 * @returns the path of what to import
 * @example
 * await orderLinesOf('CDNOW_sample.txt', folder) // FOLDER/CDNOW_sample.csv
 */
export async function orderLinesOf(file: string, folder: string): Promise<string> {
  if (!(await isPurchaseLog(file))) return file;
  const path = join(folder, `${basename(file).replace(/\.\w+$/, '')}.csv`);
  const out = createWriteStream(path);
  out.write('order_id,product_id,quantity,unit_price,date,customer_id\n');
  let number = 0;
  for await (const line of linesOf(file)) {
    number++;
    const [found, customer, year, month, day, , value] = LINE.exec(line) ?? [];
    if (found === undefined) continue;
    const row = `${customer}-${number},purchase,1,${value},${year}-${month}-${day},${customer}\n`;
    if (!out.write(row)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  return path;
}

async function isPurchaseLog(file: string): Promise<boolean> {
  let seen = 0;
  for await (const line of linesOf(file)) {
    if (!LINE.test(line)) return false;
    if (++seen === LOOKED_AT) return true;
  }
  return seen > 0;
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const stream = createReadStream(file, 'latin1');
  try {
    yield* createInterface({ input: stream, crlfDelay: Infinity });
  } finally {
    stream.destroy();
  }
}
