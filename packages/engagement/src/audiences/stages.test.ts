import { freshRecords, freshWarehouse, story } from '@bellwether/testing';
import { expect } from 'vitest';
import { addCustomers, EVERYBODY, openShop } from '../testing/shop.ts';
import { countAudience } from './audiences.ts';

const RUN = '2026-01-01 00:00:00.000';

story('an audience of a stage holds who stands there today, and nobody who stood there before', {
  given: async () => {
    const [warehouse, records] = await Promise.all([freshWarehouse(), freshRecords()]);
    const people = ['a', 'b', 'c'].map(id => ({ id, probability: 0.5 }));
    await addCustomers(warehouse, people);
    const stand = (run: string, stages: readonly string[]) =>
      stages.map((stage, n) => ({ as_of: run, run, customer_id: people[n]?.id, stage }));
    const earlier = '2025-12-01 00:00:00.000';
    const rows = [
      ...stand(RUN, ['at_risk', 'loyal', 'at_risk']),
      ...stand(earlier, ['loyal', 'at_risk', 'loyal']),
    ];
    await warehouse.insert('lifecycle_stages', rows, { token: 'stages' });
    const values = people.map(({ id }) => ({ run: RUN, customer_id: id }));
    await warehouse.insert('lifecycle_values', values, { token: 'values' });
    const runs = [
      { as_of: RUN, run: RUN, kind: 'now', version: 1, customers: 3 },
      { as_of: earlier, run: earlier, kind: 'month', version: 1, customers: 3 },
    ];
    await warehouse.insert('lifecycle_runs', runs, { token: 'runs' });
    return { warehouse, records };
  },
  when: stores => {
    const { engagement } = openShop(stores);
    const size = (stages: ('at_risk' | 'loyal' | 'lost')[]) =>
      countAudience(engagement, { ...EVERYBODY, stages });
    return Promise.all([size(['at_risk']), size(['loyal']), size(['at_risk', 'loyal']), size(['lost'])]);
  },
  then: async (sizes, { warehouse, records }) => {
    expect(sizes.map(({ size }) => size)).toEqual([2, 1, 3, 0]);
    await Promise.all([warehouse.close(), records.destroy()]);
  },
});
