import { AppError, Mapping, sentenceOf } from '@bellwether/contracts';

/** A mapping as the content of the file that `bellwether import --map` takes; `readMappingFile` reads it back. */
export function mappingFile(mapping: Mapping): string {
  return `${JSON.stringify(mapping, undefined, 2)}\n`;
}

/** @throws AppError `import.bad_mapping` with what is wrong and where */
export function readMappingFile(text: string): Mapping {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badMapping(sentenceOf(error));
  }
  const read = Mapping.safeParse(value);
  if (read.success) return read.data;
  throw badMapping(
    read.error.issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`).join('; '),
  );
}

function badMapping(what: string): AppError {
  return new AppError(
    'import.bad_mapping',
    `the mapping is not readable (${what}); {"fields": {"order_id": "Invoice", …}} is expected`,
  );
}
