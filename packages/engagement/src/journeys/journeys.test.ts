import { DAY } from '@bellwether/contracts';
import { story } from '@bellwether/testing';
import { describe, expect, test } from 'vitest';
import { refreshAudience } from '../audiences/audiences.ts';
import { tick } from '../delivery/tick.ts';
import {
  addPeople,
  outboxStates,
  recipients,
  shopPerTest,
  toldDeliveries,
} from '../testing/per-test.test-support.ts';
import { addCustomers, score, startJourney, twoMails } from '../testing/shop.ts';
import { changeJourney, createJourney, getJourney, listJourneys, setJourneyState } from './journeys.ts';
import { journeyMessages } from './messages.ts';

const here = shopPerTest();
const people = (...ids: string[]) => addPeople(here, ...ids);

describe('a journey', () => {
  story('writes at once, again after a week, and lets people out', {
    given: async () => {
      await people('a', 'b');
      return startJourney(here.shop.engagement);
    },
    when: async () => {
      const first = await tick(here.shop.engagement);
      const idle = await tick(here.shop.engagement);
      here.shop.clock.advance(7 * DAY - 1);
      const early = await tick(here.shop.engagement);
      here.shop.clock.advance(1);
      return { first, idle, early, second: await tick(here.shop.engagement) };
    },
    then: async ({ first, idle, early, second }) => {
      expect(first).toMatchObject({ treated: 2, holdout: 0, advanced: 2, sent: 2 });
      expect(idle).toMatchObject({ treated: 0, advanced: 0, sent: 0, exported: 0 });
      expect(early).toMatchObject({ advanced: 0, sent: 0 });
      expect(second).toMatchObject({ advanced: 2, sent: 2 });
      expect(recipients(here)).toEqual(['a@example.com', 'a@example.com', 'b@example.com', 'b@example.com']);
      expect(new Set(here.shop.channel.received.map(message => message.key)).size).toBe(4);
      const enrolments = await here.records
        .selectFrom('enrolments')
        .select(['node', 'state', 'left_at'])
        .execute();
      expect(enrolments).toEqual(
        Array(2).fill({ node: 'end', state: 'done', left_at: new Date(here.shop.clock.now()) }),
      );
      expect(await toldDeliveries(here)).toHaveLength(4);
    },
  });

  story('enrols those who come into the audience later, and nobody twice', {
    given: async () => {
      await people('a');
      return startJourney(here.shop.engagement);
    },
    when: async journey => {
      await tick(here.shop.engagement);
      const all = [{ id: 'a' }, { id: 'b' }];
      await addCustomers(here.warehouse, [{ id: 'b' }]);
      for (const [run, members] of [
        [2, []],
        [3, all],
      ] as const) {
        await score(here.warehouse, members, run);
        const [enter] = journey.graph.nodes;
        await refreshAudience(here.shop.engagement, enter?.kind === 'enter' ? enter.audience : '');
      }
      return tick(here.shop.engagement);
    },
    then: result => {
      expect(result).toMatchObject({ treated: 1, sent: 1 });
      expect(recipients(here)).toEqual(['a@example.com', 'b@example.com']);
    },
  });

  story('leaves the held-out alone for good, and logs with which probability each arm was drawn', {
    given: async () => {
      await people(...Array.from({ length: 200 }, (_, i) => `c${i}`));
      return startJourney(here.shop.engagement, { holdout: 0.25 });
    },
    when: async () => {
      const report = await tick(here.shop.engagement);
      here.shop.clock.advance(8 * DAY);
      await tick(here.shop.engagement);
      return report;
    },
    then: async (report, journey) => {
      expect(report.treated + report.holdout).toBe(200);
      expect(report.holdout).toBeGreaterThan(25);
      expect(report.holdout).toBeLessThan(75);
      expect(here.shop.channel.received).toHaveLength(2 * report.treated);
      const decisions = await here.warehouse.query(
        `SELECT arm, count() AS n, min(propensity) AS low, max(propensity) AS high FROM decisions FINAL
         WHERE subject = {subject:String} GROUP BY arm ORDER BY arm`,
        { subject: `journey:${journey.id}` },
      );
      expect(decisions).toEqual([
        { arm: 'holdout', n: report.holdout, low: 0.25, high: 0.25 },
        { arm: 'treated', n: report.treated, low: 0.75, high: 0.75 },
      ]);
    },
  });

  story('that is paused holds everything, and goes on where it was', {
    given: async () => {
      await people('a');
      const journey = await startJourney(here.shop.engagement);
      here.shop.channel.answer = () => ({ state: 'retry', reason: '451 later' });
      await tick(here.shop.engagement);
      await setJourneyState(here.shop.engagement, journey.id, 'paused');
      return journey;
    },
    when: async journey => {
      here.shop.channel.answer = () => ({ state: 'sent' });
      here.shop.clock.advance(30 * DAY);
      const paused = await tick(here.shop.engagement);
      await setJourneyState(here.shop.engagement, journey.id, 'running');
      return [paused, await tick(here.shop.engagement)] as const;
    },
    then: ([paused, running]) => {
      expect(paused).toMatchObject({ advanced: 0, sent: 0, pending: 0 });
      // the second mail came due while it was paused: one went, the other met the frequency cap
      expect(running).toMatchObject({ advanced: 1, sent: 1, refused: 1 });
    },
  });

  story('that is stopped lets everybody out and refuses what had not left', {
    given: async () => {
      await people('a');
      here.shop.channel.answer = () => ({ state: 'retry', reason: '451 later' });
      const journey = await startJourney(here.shop.engagement);
      await tick(here.shop.engagement);
      return journey;
    },
    when: journey => setJourneyState(here.shop.engagement, journey.id, 'stopped'),
    then: async journey => {
      here.shop.clock.advance(30 * DAY);
      await tick(here.shop.engagement);
      expect(here.shop.channel.received).toHaveLength(1);
      expect(await outboxStates(here)).toEqual({ a: 'refused: journey_stopped' });
      expect(await toldDeliveries(here)).toEqual([
        { customer_id: 'a', what: 'refused', reason: 'journey_stopped' },
      ]);
      await expect(setJourneyState(here.shop.engagement, journey.id, 'running')).rejects.toMatchObject({
        code: 'journey.bad_turn',
      });
    },
  });

  story('as a dry run sends nothing, and says what would have gone and what would have stopped it', {
    given: async () => {
      await addCustomers(here.warehouse, [
        { id: 'a', name: 'Ann' },
        { id: 'bare', email: '' },
        { id: 'unasked', consent: null },
      ]);
      return startJourney(here.shop.engagement, { dry_run: true });
    },
    when: () => tick(here.shop.engagement),
    then: async (report, journey) => {
      expect(report).toMatchObject({ dry_run: 3, sent: 0, refused: 0 });
      expect(here.shop.channel.received).toEqual([]);
      expect(await outboxStates(here)).toEqual({
        a: 'dry_run',
        bare: 'dry_run: no_address',
        unasked: 'dry_run: no_consent',
      });
      const { rows, total } = await journeyMessages(here.shop.engagement, journey.id, {
        offset: 0,
        limit: 10,
        state: 'dry_run',
      });
      expect(total).toBe(3);
      expect(rows.map(row => row.subject)).toContain('Ann, we thought you might like these');
    },
  });
});

describe('a draft', () => {
  test('can be changed, each change a version; started, it cannot', async () => {
    await people('a');
    const { id, graph } = await startJourney(here.shop.engagement);
    const draft = await createJourney(here.shop.engagement, { name: 'Draft', graph });
    const changed = await changeJourney(here.shop.engagement, draft.id, {
      name: 'New',
      graph: { ...graph, holdout: 0.5 },
    });
    expect([changed.state, changed.version, changed.name, changed.graph.holdout]).toEqual([
      'draft',
      2,
      'New',
      0.5,
    ]);
    expect((await listJourneys(here.shop.engagement)).map(journey => journey.name).sort()).toEqual([
      'New',
      'Two mails',
    ]);
    const code = (expected: string) => ({ code: expected });
    await expect(changeJourney(here.shop.engagement, id, { name: 'x', graph })).rejects.toMatchObject(
      code('journey.not_a_draft'),
    );
    await expect(getJourney(here.shop.engagement, 'lost')).rejects.toMatchObject(code('journey.not_found'));
    await expect(setJourneyState(here.shop.engagement, draft.id, 'paused')).rejects.toMatchObject(
      code('journey.bad_turn'),
    );
  });

  test('does not start while its audience or a template is not there', async () => {
    const code = (expected: string) => ({ code: expected });
    const lost = await createJourney(here.shop.engagement, { name: 'x', graph: twoMails('lost') });
    await expect(setJourneyState(here.shop.engagement, lost.id, 'running')).rejects.toMatchObject(
      code('audience.not_found'),
    );
    await people('a');
    const { graph } = await startJourney(here.shop.engagement);
    const nodes = graph.nodes.map(node => (node.kind === 'email' ? { ...node, template: 'lost' } : node));
    const bare = await createJourney(here.shop.engagement, { name: 'x', graph: { ...graph, nodes } });
    await expect(setJourneyState(here.shop.engagement, bare.id, 'running')).rejects.toMatchObject(
      code('template.not_found'),
    );
  });
});
