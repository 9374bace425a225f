/** ClickHouse's text of a moment in UTC, in either of its spellings, as ISO 8601. */
export function isoText(text: string): string {
  return new Date(text.includes('T') ? text : `${text.replace(' ', 'T')}Z`).toISOString();
}
