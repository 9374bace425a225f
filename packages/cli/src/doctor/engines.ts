import { api, isAppError, sentenceOf, type Status } from '@bellwether/contracts';
import type { Client } from '@bellwether/sdk';
import { withServer } from '../connect.ts';
import type { Context } from '../context.ts';
import type { Finding } from './checks.ts';

/** What to do about an engine or a folder that does not start, by the error's code. */
const TODO: readonly (readonly [RegExp, string])[] = [
  [/folder_in_use/, 'stop the other Bellwether, or use another folder (BELLWETHER_DATA)'],
  [/newer/, 'update this clone, or use another folder (BELLWETHER_DATA)'],
  [/unreachable|no_answer/, 'check WAREHOUSE_URL and RECORDS_URL, and that the servers run'],
  [/./, 'look into bellwether.log in the data folder; it holds what the engine said'],
];

/** Starts the engines, or asks those that run, and reports each; what is damaged is told as well. */
export async function checkEngines(context: Context): Promise<Finding[]> {
  try {
    return await withServer(context, (client: Client) => client.call(api.system.status).then(findingsOf));
  } catch (error) {
    const code = isAppError(error) ? error.code : '';
    const todo = TODO.find(([pattern]) => pattern.test(code))?.[1] ?? '';
    return [{ check: 'engines', state: 'fail', found: sentenceOf(error), todo }];
  }
}

function findingsOf({ engines, journal, warnings }: Status): Finding[] {
  return [
    ...engines.map(({ name, state, detail, embedded }): Finding => {
      const found = [state, embedded ? 'embedded' : 'a server of its own', detail].filter(Boolean).join(', ');
      return state === 'up'
        ? { check: name, state: 'ok', found, todo: '' }
        : { check: name, state: 'fail', found, todo: 'look into bellwether.log in the data folder' };
    }),
    journal.last_error === null
      ? {
          check: 'journal',
          state: 'ok',
          found: `${journal.waiting_events} events wait to be loaded`,
          todo: '',
        }
      : {
          check: 'journal',
          state: 'warn',
          found: journal.last_error,
          todo: 'nothing is lost; mend the cause and it goes on',
        },
    ...warnings.map((found): Finding => ({ check: 'data', state: 'warn', found, todo: 'see the sentence' })),
  ];
}
