import type { Progress } from '@bellwether/contracts';
import { Presets, SingleBar } from 'cli-progress';
import type { Output } from './output.ts';

/** Draws long work: a bar where stderr is a terminal, a line for each step otherwise, objects for machines. */
export interface Drawing {
  draw(progress: Progress): void;
  end(): void;
}

/** Where nobody sees bars move, a step says so at most this often, in milliseconds. */
const QUIET = 5_000;

export function drawing(output: Output, name: string): Drawing {
  if (output.json) return objects(output, name);
  return process.stderr.isTTY ? bar(name) : lines(output, name);
}

function objects(output: Output, name: string): Drawing {
  let last = '';
  return {
    draw(progress) {
      const key = `${progress.step} ${progress.done}`;
      if (key !== last) output.tell('progress', { name, ...progress });
      last = key;
    },
    end: () => undefined,
  };
}

function bar(name: string): Drawing {
  const format = ` ${name.padEnd(10)} {bar} {percentage}% {value}/{total} {unit} {step}`;
  const drawn = new SingleBar(
    { format, stream: process.stderr, hideCursor: true, clearOnComplete: true },
    Presets.shades_classic,
  );
  let started = false;
  return {
    draw({ done, total, unit, step = '' }) {
      const payload = { unit, step };
      if (!started) drawn.start(total ?? Math.max(1, done), done, payload);
      started = true;
      drawn.setTotal(total ?? Math.max(1, done));
      drawn.update(done, payload);
    },
    end() {
      if (started) drawn.stop();
    },
  };
}

function lines(output: Output, name: string): Drawing {
  let [step, at] = ['', 0];
  return {
    draw(progress) {
      const now = performance.now();
      if (progress.step === step && now - at < QUIET) return;
      [step, at] = [progress.step ?? '', now];
      const total = progress.total === undefined ? '' : `/${progress.total}`;
      output.note(`${name}: ${step} ${progress.done}${total} ${progress.unit}`.trim());
    },
    end: () => undefined,
  };
}
