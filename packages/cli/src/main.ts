import { VERSION } from '@bellwether/server';
import { Command, Option } from 'commander';
import { configCommand } from './commands/config.ts';
import { doctorCommand } from './commands/doctor.ts';
import { duplicatesCommand } from './commands/duplicates.ts';
import { evaluate } from './commands/evaluate.ts';
import { importCommand } from './commands/import.ts';
import { compareCommand, runsCommand, scheduleCommand, type ScheduleFlags } from './commands/operations.ts';
import { passwordCommand } from './commands/password.ts';
import { reportCommand } from './commands/report.ts';
import { scoreCommand, trainCommand } from './commands/scenario.ts';
import { startCommand } from './commands/start.ts';
import { statusCommand } from './commands/status.ts';
import { removeTraitCommand, saveTraitCommand, traitsCommand } from './commands/traits.ts';
import { evaluateTable, predictFile, trainOnTable, type TableOptions } from './commands/table.ts';
import { contextOf, signalOfProcess, type Context } from './context.ts';
import { EXIT_HELP, exitCodeOf } from './exit.ts';
import { Output } from './output.ts';

interface Common {
  json?: boolean;
  verbose?: boolean;
  folder?: string;
}

/** Runs one command line and sets the process's exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  let output = new Output({ json: argv.includes('--json'), verbose: argv.includes('--verbose') });
  const signal = signalOfProcess();
  const program = programOf(common => {
    output = new Output({ json: common.json ?? false, verbose: common.verbose ?? false });
    return contextOf(output, signal, common.folder);
  });
  try {
    await program.parseAsync(argv);
  } catch (error) {
    // commander has printed its own
    const code = exitCodeOf(error);
    if (!(error instanceof Error && error.name === 'CommanderError')) output.fail(error);
    process.exitCode = code;
  }
}

type Opens = (common: Common) => Context;

function programOf(open: Opens): Command {
  const program = new Command('bellwether')
    .description('An AI marketing department that a business runs itself.')
    .version(VERSION)
    .option('--folder <folder>', 'data folder; default: BELLWETHER_DATA, or .bellwether in the clone')
    .option('--json', 'one JSON object a line on stdout, for machines')
    .option('--verbose', 'show where an error came from')
    .addHelpText('after', EXIT_HELP)
    .showHelpAfterError('(bellwether --help tells more)')
    .exitOverride();
  const context = (command: Command): Context => open(command.optsWithGlobals<Common>());
  addServing(program, context);
  addData(program, context);
  addLearning(program, context);
  addOperations(program, context);
  addTraits(program, context);
  addLooking(program, context);
  return program;
}

type ContextOf = (command: Command) => Context;

function addServing(program: Command, context: ContextOf): void {
  program
    .command('start')
    .description('start the demo market; or, with --data or --empty, the installation in the data folder')
    .option('--data <files...>', 'bring these files in, run the loop on them, print its figures, and serve')
    .addOption(new Option('--empty', 'without the demo and without files').conflicts('data'))
    .option('--port <port>', 'port of the server')
    .option('--once', 'with --data: end after the loop')
    .action((options: Parameters<typeof startCommand>[1], command: Command) =>
      startCommand(context(command), options),
    );
}

function addData(program: Command, context: ContextOf): void {
  program
    .command('import')
    .description('bring files in: CSV, TSV, JSON lines, Parquet, web logs, gzip or not')
    .argument('<files...>')
    .option('--as <kind>', 'what they hold; recognised unless given')
    .option('--map <file>', 'JSON file that names the column of each field')
    .action((files: string[], options: Parameters<typeof importCommand>[2], command: Command) =>
      importCommand(context(command), files, options),
    );
  program
    .command('duplicates')
    .description('look for customers who are probably one person; nobody is merged by this')
    .option('--least <probability>', 'least probability that is shown; default 0.5')
    .option('--limit <pairs>', 'pairs that are shown; default 20')
    .option('--show', 'what was found last, without looking again')
    .action((options: Parameters<typeof duplicatesCommand>[1], command: Command) =>
      duplicatesCommand(context(command), options),
    );
}

function addLearning(program: Command, context: ContextOf): void {
  tableOptions(
    program
      .command('train')
      .description('train a new version of a scenario, or learn from a table of your own')
      .argument('<scenario>')
      .option('--table <file>', 'learn from this file: CSV, TSV, JSON lines or Parquet'),
  ).action((name: string, options: TableOptions & { table?: string }, command: Command) =>
    options.table === undefined
      ? trainCommand(context(command), name)
      : trainOnTable(context(command), name, options.table, options),
  );
  program
    .command('predict')
    .description('tell every row of a file with the version in use of a table')
    .argument('<table>')
    .argument('<file>')
    .requiredOption('--out <file>', 'CSV file to write')
    .action((id: string, file: string, options: { out: string }, command: Command) =>
      predictFile(context(command), id, file, options),
    );
  program
    .command('score')
    .description('score every customer with the champion, of one scenario or of all')
    .argument('[scenario]')
    .action((name: string | undefined, _: unknown, command: Command) => scoreCommand(context(command), name));
  tableOptions(
    program
      .command('evaluate')
      .description('print the figures of a scenario’s champion, or of what is learned from files')
      .argument('<scenario>')
      .option('--data <files...>', 'learn from these files, in a folder that is thrown away')
      .option('--until <day>', 'with --data: learn from what came before this day, test on what came after'),
  ).action((name: string, options: TableOptions & { data?: string[]; until?: string }, command: Command) =>
    options.target !== undefined && options.data?.length === 1
      ? evaluateTable(context(command), name, options.data[0], options)
      : evaluate(context(command), name, options),
  );
  program
    .command('report')
    .description('write the loop’s figures to a file')
    .requiredOption('--out <file>', 'FILE.html or FILE.pdf')
    .option('--lang <language>', 'en or zh-CN')
    .action((options: Parameters<typeof reportCommand>[1], command: Command) =>
      reportCommand(context(command), options),
    );
}

/** What is said of a table with a column to tell. */
function tableOptions(command: Command): Command {
  return command
    .option('--target <column>', 'of a table: the column to tell')
    .option('--yes <value>', 'of a table: the value of the target that means yes')
    .option('--id <column>', 'of a table: whose row it is')
    .option('--time <column>', 'of a table: when the row came about; later rows are then tested')
    .option('--leave-out <columns...>', 'of a table: columns not to learn from')
    .option('--keep <columns...>', 'of a table: columns to learn from although they seem to leak')
    .option('--folds <number>', 'of a table: parts in which it is judged; 5 unless given')
    .option('--gain <amount>', 'of a table: what acting on a row earns that turns out yes')
    .option('--cost <amount>', 'of a table: what acting on a row costs');
}

function addOperations(program: Command, context: ContextOf): void {
  program
    .command('runs')
    .description('what a scenario did: trainings, scorings, judgements, and what each wrote')
    .argument('<scenario>')
    .option('--limit <n>', 'how many; default: 20')
    .action((name: string, options: { limit?: string }, command: Command) =>
      runsCommand(context(command), name, options),
    );
  program
    .command('schedule')
    .description('show or change when a scenario works by itself')
    .argument('<scenario>')
    .option('--on', 'let it work by itself')
    .addOption(new Option('--off', 'only when asked').conflicts('on'))
    .addOption(new Option('--changed <when>', 'score customers who changed').choices(['hourly', 'off']))
    .addOption(new Option('--all <when>', 'score everybody').choices(['daily', 'off']))
    .option('--hour <hour>', 'of the day, in the shop’s time zone: 0 to 23')
    .addOption(new Option('--train <when>', 'learn again').choices(['auto', 'weekly', 'off']))
    .action((name: string, flags: ScheduleFlags, command: Command) =>
      scheduleCommand(context(command), name, flags),
    );
  program
    .command('compare')
    .description('judge two versions of a scenario on the same newest period')
    .argument('<scenario>')
    .argument('<a>', 'a version')
    .argument('<b>', 'another')
    .action((name: string, a: string, b: string, _: unknown, command: Command) =>
      compareCommand(context(command), name, a, b),
    );
}

function addTraits(program: Command, context: ContextOf): void {
  const traits = program
    .command('traits')
    .description('list what is computed of every customer')
    .action((_: unknown, command: Command) => traitsCommand(context(command)));
  traits
    .command('save')
    .description('keep the declaration in a JSON file under a name, and compute it')
    .argument('<name>')
    .argument('<file>')
    .action((name: string, file: string, _: unknown, command: Command) =>
      saveTraitCommand(context(command), name, file),
    );
  traits
    .command('remove')
    .description('take a trait of yours away')
    .argument('<name>')
    .action((name: string, _: unknown, command: Command) => removeTraitCommand(context(command), name));
}

function addLooking(program: Command, context: ContextOf): void {
  program
    .command('status')
    .description('state of the server, its engines and the loop')
    .action((_: unknown, command: Command) => statusCommand(context(command)));
  program
    .command('config')
    .description('every setting, its value and where it came from')
    .action((_: unknown, command: Command) => configCommand(context(command)));
  program
    .command('doctor')
    .description('check what Bellwether needs, and say what to do')
    .action((_: unknown, command: Command) => doctorCommand(context(command)));
  program
    .command('password')
    .description('give a user, by default the first, a new password')
    .argument('[email]')
    .action((email: string | undefined, _: unknown, command: Command) =>
      passwordCommand(context(command), email),
    );
}
