import { describeSettings } from '@bellwether/server';
import type { Context } from '../context.ts';

export function configCommand({ output, read }: Context): void {
  const settings = read();
  for (const line of describeSettings(settings)) {
    const { name, env, value, source, about } = line;
    output.tell(
      'setting',
      line,
      `${name.padEnd(18)} ${(value || '–').padEnd(36)} ${source.padEnd(12)} ${env}`,
      `${' '.repeat(19)}${about}`,
    );
  }
  output.tell('file', { path: settings.file }, '', `Settings file: ${settings.file}`);
}
