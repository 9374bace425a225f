import { AppError } from '@bellwether/contracts';

/** @throws AppError `engines.no_answer` when no ClickHouse answers at this URL */
export async function pingWarehouse(url: string): Promise<void> {
  const answer = await fetch(new URL('/ping', bare(url)), { signal: AbortSignal.timeout(5_000) });
  if (!answer.ok || !(await answer.text()).startsWith('Ok'))
    throw new AppError('engines.no_answer', `no ClickHouse answers at ${new URL(url).host}`);
}

/** Rows of a query, asked without the client that the application uses. */
export async function askWarehouse<Row>(url: string, sql: string): Promise<Row[]> {
  const { username, password } = new URL(url);
  const answer = await fetch(new URL('/?default_format=JSONEachRow', bare(url)), {
    method: 'POST',
    body: sql,
    headers: {
      'X-ClickHouse-User': decodeURIComponent(username),
      'X-ClickHouse-Key': decodeURIComponent(password),
    },
    signal: AbortSignal.timeout(30_000),
  });
  const text = await answer.text();
  if (!answer.ok) throw new AppError('engines.query_failed', text.trim());
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Row);
}

/** `fetch` takes no password in a URL. */
function bare(url: string): URL {
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  return parsed;
}
