import { AppError } from '@bellwether/contracts';
import { CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { exitCodeOf } from './exit.ts';
import { estimate } from './figures.ts';
import { table } from './output.ts';

test.each([
  ['file.not_found', 3],
  ['import.columns_missing', 3],
  ['settings.invalid', 3],
  ['cli.usage', 2],
  ['scenario.unknown', 2],
  ['scenario.no_champion', 4],
  ['scenario.not_ready', 4],
  ['client.unreachable', 4],
  ['cli.interrupted', 130],
  ['job.failed', 1],
  ['warehouse.query_failed', 1],
])('%s ends with %i', (code, exit) => {
  expect(exitCodeOf(new AppError(code, ''))).toBe(exit);
});

test('what is nobody’s error is a failure; help is none', () => {
  expect(exitCodeOf(new Error('?'))).toBe(1);
  expect(exitCodeOf(new CommanderError(0, 'commander.help', ''))).toBe(0);
  expect(exitCodeOf(new CommanderError(1, 'commander.unknownOption', ''))).toBe(2);
});

test('columns stand under each other, also where characters are wide', () => {
  expect(
    table([
      ['名称', '1'],
      ['ab', '22'],
    ]),
  ).toEqual(['名称   1', 'ab    22']);
});

test('a figure is written with its interval', () => {
  expect(estimate({ value: 0.5, low: 0.4, high: 0.6, n: 10 })).toBe('0.500 (0.400–0.600)');
  expect(estimate({ value: null, low: null, high: null, n: 0 })).toBe('–');
});
