/** The tables that an import works in; they are gone when it is done. */
export interface WorkTables {
  /** The file's records as text. */
  staging: string;
  /** The same as rows of the target, with what becomes of each. */
  ready: string;
}

export function workTables(importId: string, purpose: 'import' | 'replay' = 'import'): WorkTables {
  const suffix = purpose === 'import' ? importId : `${importId}_replay`;
  return { staging: `staging_${suffix}`, ready: `ready_${suffix}` };
}

/** The source of everything that an import tells. */
export function sourceOf(importId: string): string {
  return `import:${importId}`;
}
