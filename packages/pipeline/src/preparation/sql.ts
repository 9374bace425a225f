/** Puts our own SQL into the `{{slots}}` of a file; users' text never comes this way. */
export function fill(sql: string, slots: Readonly<Record<string, string>>): string {
  return sql.replaceAll(/\{\{(\w+)\}\}/g, (slot, name: string) => slots[name] ?? slot);
}

/** ClickHouse's text of a moment in UTC as ISO 8601. */
export function isoMoment(text: string | null): string | null {
  return text === null
    ? null
    : new Date(text.includes('T') ? text : `${text.replace(' ', 'T')}Z`).toISOString();
}
