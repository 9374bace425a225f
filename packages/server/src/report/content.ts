import type {
  ClassifierCard,
  ClassifierFigures,
  Estimate,
  JourneyResults,
  ModelCard,
  Overview,
  PreparationReport,
  ScenarioPage,
} from '@bellwether/contracts';
import { calibrationChart, gainChart, histogramChart, rocChart, weeksChart } from './charts.ts';
import { formats, type Format, type Language } from './format.ts';
import { wordsOf, type Say } from './words.ts';

/** What a report is made of, whatever it is written as. */
export type Block =
  | { kind: 'title'; text: string; note: string }
  | { kind: 'heading'; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'table'; head: string[]; rows: string[][] }
  /** SVG text, with what it shows in words. */
  | { kind: 'chart'; svg: string; caption: string };

/** What the loop knows when a report is asked for. */
export interface ReportData {
  shop: string;
  overview: Overview;
  preparation: PreparationReport | undefined;
  scenarios: ScenarioPage[];
  journeys: { name: string; dryRun: boolean; results: JourneyResults }[];
}

interface Writer {
  say: Say;
  format: Format;
  language: Language;
}

/** The report on one turn of the loop: what came in, what was learned and how well, who was chosen, what it was worth. */
export function reportOf(data: ReportData, language: Language): Block[] {
  const writer = { say: wordsOf(language), format: formats(language, data.overview.currency), language };
  const { say, format } = writer;
  return [
    { kind: 'title', text: say('title', data.shop), note: say('as_of', format.moment(data.overview.as_of)) },
    ...cameIn(data, writer),
    ...data.scenarios.flatMap(page => learned(page, writer)),
    ...data.journeys.flatMap(journey => measured(journey, writer)),
    { kind: 'text', text: say('footnote') },
  ];
}

function cameIn({ overview, preparation }: ReportData, writer: Writer): Block[] {
  const { say, format } = writer;
  const { customers, orders, revenue, revenue_by_week: weeks } = overview;
  const sentence = say('came_in', format.count(customers), format.count(orders), format.money(revenue));
  const blocks: Block[] = [
    { kind: 'heading', text: say('data') },
    { kind: 'text', text: sentence },
  ];
  if (weeks.length > 1) blocks.push({ kind: 'chart', svg: weeksChart(weeks), caption: say('weeks') });
  if (preparation !== undefined) blocks.push(...prepared(preparation, writer));
  return blocks;
}

function prepared(preparation: PreparationReport, { say, format, language }: Writer): Block[] {
  const { lines_in, lines_out, steps } = preparation;
  return [
    { kind: 'text', text: say('prepared', format.count(lines_in), format.count(lines_out)) },
    {
      kind: 'table',
      head: [say('step'), say('dropped'), say('flagged')],
      rows: steps
        .filter(({ dropped, kept }) => dropped + kept > 0)
        .map(({ words, dropped, kept }) => [words[language], format.count(dropped), format.count(kept)]),
    },
  ];
}

function learned(page: ScenarioPage, writer: Writer): Block[] {
  const { say, format, language } = writer;
  const blocks: Block[] = [
    { kind: 'heading', text: page.title[language] },
    { kind: 'text', text: page.question[language] },
  ];
  const champion = page.versions.find(({ state }) => state === 'champion');
  if (champion === undefined) return [...blocks, { kind: 'text', text: say('nothing_learned') }];
  const { card } = champion;
  if (card.kind !== 'classifier') return [...blocks, namedFigures(card, writer)];
  const verdict = say(
    card.beats_baseline ? 'beats' : 'does_not_beat',
    format.estimate(card.auc_gain, format.decimal),
  );
  return [
    ...blocks,
    {
      kind: 'text',
      text: `${say('tested', format.count(card.model.n), format.day(card.test_moment))} ${verdict}`,
    },
    figuresTable(card, writer),
    { kind: 'chart', svg: rocChart(card.curves, say), caption: say('roc') },
    { kind: 'chart', svg: calibrationChart(card.curves, say), caption: say('calibration') },
    { kind: 'chart', svg: gainChart(card.curves, say), caption: say('gain') },
    weightsTable(card, writer),
    ...scored(page, writer),
  ];
}

function figuresTable(
  { model, baseline, baseline_name }: ClassifierCard,
  { say, format, language }: Writer,
): Block {
  const rows: [string, (figures: ClassifierFigures) => string][] = [
    [say('auc'), ({ auc }) => format.estimate(auc, format.decimal)],
    [say('precision'), ({ precision }) => format.percent(precision)],
    [say('recall'), ({ recall }) => format.percent(recall)],
    ['F1', ({ f1 }) => format.decimal(f1)],
    [say('log_loss'), ({ log_loss }) => format.decimal(log_loss)],
    [say('calibration_error'), ({ calibration_error }) => format.percent(calibration_error)],
    [say('lift'), ({ top_decile_lift }) => `${format.decimal(top_decile_lift)}×`],
  ];
  return {
    kind: 'table',
    head: ['', say('model'), baseline_name[language]],
    rows: rows.map(([name, figure]) => [name, figure(model), figure(baseline)]),
  };
}

function namedFigures({ figures, baseline_name }: ModelCard, { say, format, language }: Writer): Block {
  return {
    kind: 'table',
    head: ['', say('model'), baseline_name[language]],
    rows: figures.map(({ words, model, baseline }) => [
      words[language],
      format.estimate(model, format.decimal),
      baseline === null ? '' : format.estimate(baseline, format.decimal),
    ]),
  };
}

const WEIGHTS_SHOWN = 12;

function weightsTable({ features }: ClassifierCard, { say, format, language }: Writer): Block {
  const top = [...features].sort((a, b) => b.importance - a.importance).slice(0, WEIGHTS_SHOWN);
  return {
    kind: 'table',
    head: [say('feature'), say('weight'), say('importance')],
    rows: top.map(({ words, weight, importance }) => [
      // the words of a feature have a place for a person's value
      words[language].replaceAll('{value}', '…'),
      weight === null ? '–' : format.decimal(weight),
      format.decimal(importance),
    ]),
  };
}

function scored({ results }: ScenarioPage, { say, format }: Writer): Block[] {
  if (results === null) return [];
  const { scored: count, chosen, expected, histogram } = results;
  const figures = [format.count(count), format.estimate(expected, format.count), format.count(chosen)];
  return [
    { kind: 'text', text: say('scored', ...figures) },
    { kind: 'chart', svg: histogramChart(histogram), caption: say('histogram') },
  ];
}

function measured(
  { name, dryRun, results }: ReportData['journeys'][number],
  { say, format }: Writer,
): Block[] {
  const { treated, holdout, lift, incremental_revenue, messages, truth } = results;
  const share = ({ buyers, customers }: { buyers: number; customers: number }): string =>
    customers === 0 ? '–' : format.percent(buyers / customers);
  const row = (arm: string, { customers, buyers, orders, revenue }: JourneyResults['treated']): string[] => [
    arm,
    ...[customers, buyers, orders].map(format.count),
    format.money(revenue),
    share({ buyers, customers }),
  ];
  return [
    { kind: 'heading', text: say('journey', name) },
    {
      kind: 'text',
      text: dryRun
        ? say('dry_run', format.count(messages.dry_run))
        : say('sent', format.count(messages.sent)),
    },
    {
      kind: 'table',
      head: ['', say('customers'), say('buyers'), say('orders'), say('revenue'), say('share')],
      rows: [row(say('treated'), treated), row(say('holdout'), holdout)],
    },
    ...(dryRun ? [] : [worth(lift, incremental_revenue, { say, format })]),
    ...(truth === null ? [] : [{ kind: 'text' as const, text: say('truth', format.points(truth)) }]),
  ];
}

function worth(lift: Estimate, revenue: Estimate, { say, format }: Omit<Writer, 'language'>): Block {
  return {
    kind: 'text',
    text: say('worth', format.estimate(lift, format.points), format.estimate(revenue, format.money)),
  };
}
