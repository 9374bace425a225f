import { DAY } from '@bellwether/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planMoments, WARM_UP_DAYS } from './moments.ts';

const now = Date.UTC(2026, 0, 1);

test('nine months of a shop with a horizon of 30 days give a test, a calibration and five moments to learn from', () => {
  const plan = planMoments(now - 274 * DAY, now, 30);
  const daysAgo = (moment: number): number => (now - moment) / DAY;
  expect(daysAgo(plan.test)).toBe(30);
  expect(daysAgo(plan.calibration)).toBe(60);
  expect(plan.train.map(daysAgo)).toEqual([210, 180, 150, 120, 90]);
});

test('no outcome is looked at twice, and every moment has its history', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 1, max: 90 }), (history, horizon) => {
      const first = now - history * DAY;
      const { train, calibration, test: tested } = planMoments(first, now, horizon);
      const moments = [...train, calibration, tested, now];
      moments.slice(1).forEach((moment, i) => expect(moment - moments[i]).toBe(horizon * DAY));
      train.forEach(moment => expect(moment - first).toBeGreaterThanOrEqual(WARM_UP_DAYS * DAY));
      expect(train.length).toBeLessThanOrEqual(12);
    }),
  );
});
