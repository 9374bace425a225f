import { isAppError, sentenceOf } from '@bellwether/contracts';

export interface OutputOptions {
  /** One JSON object a line on stdout, for machines. */
  json: boolean;
  verbose: boolean;
}

/**
 * What a command says. For people: lines on stdout, progress on stderr. For machines: one object a line on stdout,
 * each with its `type`.
 */
export class Output {
  readonly json: boolean;
  readonly #verbose: boolean;

  constructor({ json, verbose }: OutputOptions) {
    this.json = json;
    this.#verbose = verbose;
  }

  /** A line for people only. */
  say(line = ''): void {
    if (!this.json) process.stdout.write(`${line}\n`);
  }

  /** A line for people on stderr: what goes on, not what came of it. */
  note(line: string): void {
    if (!this.json) process.stderr.write(`${line}\n`);
  }

  /** A finding: the object for machines, the lines for people. */
  tell(type: string, value: object, ...lines: string[]): void {
    if (this.json) process.stdout.write(`${JSON.stringify({ type, ...value })}\n`);
    else for (const line of lines) this.say(line);
  }

  /** One sentence and its code. */
  fail(error: unknown): void {
    const code = isAppError(error) ? error.code : 'internal.fault';
    if (this.json) this.tell('error', { code, message: sentenceOf(error) });
    else process.stderr.write(`bellwether: ${sentenceOf(error)} (${code})\n`);
    if (this.#verbose && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  }
}

/** Columns aligned: the first to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, column) => Math.max(widest[column] ?? 0, width(cell))),
    [],
  );
  return rows.map(row =>
    row
      .map((cell, column) => {
        const gap = ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(cell)));
        return column === 0 ? cell + gap : gap + cell;
      })
      .join('  ')
      .trimEnd(),
  );
}

/** Cells of a terminal: Chinese characters take two. */
function width(text: string): number {
  return [...text].reduce(
    (sum, character) =>
      sum +
      (/[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/.test(character)
        ? 2
        : 1),
    0,
  );
}
