import { changeJourney, getJourney, setJourneyState, tick } from '@bellwether/engagement';
import type { JourneyNode, Work } from '@bellwether/contracts';
import { createImport, previewFile, runImport } from '@bellwether/pipeline';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoClock } from './clock.ts';
import { runDemo, type DemoStage } from './demo/index.ts';
import type { JobHandler } from './jobs/jobs.ts';
import type { Installation } from './installation.ts';
import { runLoop } from './loop/loop.ts';
import { mailsSince } from './mail/sink.ts';
import { keepTruth } from './read/truth.ts';

/** Plays the market's history up to the present; the clock stands at its beginning. */
export function demoJob(installation: Installation, clock: DemoClock): JobHandler {
  return {
    resumes: false,
    async run(_job, work) {
      await runDemo(demoStage(installation, clock), clock.now(), work);
      return {};
    },
  };
}

/** The demo's doors into an installation: HTTP for the shop and its customers, and what an owner does by hand. */
export function demoStage(installation: Installation, clock: DemoClock): DemoStage {
  const { engagement, stores, url, secrets, collection } = installation;
  let lastMail = 0;
  return {
    clock,
    api: { baseUrl: url, writeKey: secrets.write_key },
    bringCatalogue: csv => bringCatalogue(installation, csv),
    drained: () => collection.drained(),
    async runLoop(work: Work) {
      const { journey_id, scenarios } = await runLoop(installation, work);
      if (journey_id !== null) return journey_id;
      throw new Error(
        `the demo market taught nothing: ${scenarios.flatMap(turn => turn.wanting).join('; ')}`,
      );
    },
    async startJourney(journeyId, { waitDays, holdout, measureDays }) {
      const { name, graph } = await getJourney(engagement, journeyId);
      const nodes = graph.nodes.map((node): JourneyNode =>
        node.kind === 'wait' ? { ...node, days: waitDays } : node,
      );
      await changeJourney(engagement, journeyId, {
        name,
        graph: { ...graph, nodes, holdout, measure_days: measureDays, dry_run: false },
      });
      await setJourneyState(engagement, journeyId, 'running');
    },
    async tick() {
      await tick(engagement);
    },
    enrolled: journeyId => enrolledUsers(installation, journeyId),
    async newMails() {
      const mails = await mailsSince(stores.records, lastMail);
      lastMail = mails.at(-1)?.id ?? lastMail;
      return mails;
    },
    keepTruth: (journeyId, lift) => keepTruth(stores.records, journeyId, lift),
  };
}

async function bringCatalogue({ stores, settings }: Installation, csv: string): Promise<void> {
  const fileName = 'catalogue.csv';
  const folder = join(settings.data, 'uploads');
  const path = join(folder, fileName);
  await mkdir(folder, { recursive: true });
  await writeFile(path, csv);
  const { kind, mapping } = await previewFile(path, fileName);
  const { id } = await createImport(stores, { path, fileName, kind, mapping });
  await runImport(stores, id);
}

/** The shop's own ids of everybody in a journey: preparation may call a customer by another of their names. */
async function enrolledUsers({ stores }: Installation, journeyId: string): Promise<string[]> {
  const rows = await stores.records
    .selectFrom('enrolments')
    .select('customer_id')
    .where('journey_id', '=', journeyId)
    .execute();
  const ids = rows.map(row => row.customer_id);
  const aliases = await stores.warehouse.query<{ alias: string }>(
    `SELECT arrayJoin(arrayDistinct(arrayPushBack(aliases, customer_id))) AS alias
     FROM customers WHERE customer_id IN {ids:Array(String)}`,
    { ids },
  );
  return aliases.map(({ alias }) => alias).filter(alias => !alias.startsWith('anon:'));
}
