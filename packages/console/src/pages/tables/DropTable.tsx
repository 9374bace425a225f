import type { KeptFile } from '@bellwether/contracts';
import { client } from '../../app/api.ts';
import { FileDrop } from '../../parts/FileDrop.tsx';

interface DropTableProps {
  hint: string;
  note: string;
  /** What is done with the table once it is sent. */
  onFile: (file: KeptFile) => Promise<unknown>;
}

/** A place to drop a table on. */
export function DropTable({ hint, note, onFile }: DropTableProps) {
  return (
    <FileDrop
      hint={hint}
      note={note}
      onFile={async file => onFile(await client.uploadTable(file.name, file))}
    />
  );
}
