/** A sale or a return of one `thing`: the same product at the same price by the same customer. */
export interface Movement {
  thing: string;
  lineKey: string;
  isReturn: boolean;
  /** Units, positive for both. */
  units: number;
}

export interface Match {
  returnKey: string;
  saleKey: string;
}

/**
 * Finds for each return the latest sale before it that still has as many units. One return takes back one sale, or a
 * part of it; what finds none stays unmatched.
 *
 * @param movements sorted by thing, then by time, a sale before a return of the same moment
 */
export async function* matchReturns(movements: AsyncIterable<Movement>): AsyncGenerator<Match> {
  let thing: string | undefined;
  let open: { lineKey: string; left: number }[] = [];
  for await (const movement of movements) {
    if (movement.thing !== thing) [thing, open] = [movement.thing, []];
    if (!movement.isReturn) {
      open.push({ lineKey: movement.lineKey, left: movement.units });
      continue;
    }
    const at = open.findLastIndex(sale => sale.left >= movement.units);
    const sale = open[at];
    if (sale === undefined) continue;
    sale.left -= movement.units;
    if (sale.left === 0) open.splice(at, 1);
    yield { returnKey: movement.lineKey, saleKey: sale.lineKey };
  }
}
