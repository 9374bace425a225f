import type { Leak, TableChoices, Words } from '@bellwether/contracts';
import type { Crossed } from './cross.ts';
import { percent } from './columns.ts';
import type { LearningRows, Prepared } from './prepare.ts';

/** Below these the figures move much from sample to sample. */
const SMALL = { rows: 1_000, positives: 100 };
const RARE = 0.05;

/** What a version of a table cannot do or was not shown to do. */
export function limitsOf(
  { choices, leaks }: Pick<Prepared, 'choices' | 'leaks'>,
  { target, recipe, unanswered }: LearningRows,
  { split }: Crossed,
  sampledOf: number | undefined,
): Words[] {
  const positives = target.reduce((sum, y) => sum + y, 0);
  return [
    ...sizeLimits(target.length, positives),
    ...splitLimits(split),
    ...leakLimits(leaks, choices),
    ...recipe.contexts.map(({ columns }) => contextLimit(columns)),
    ...(unanswered > 0 ? [unansweredLimit(unanswered)] : []),
    ...(sampledOf === undefined ? [] : [sampleLimit(target.length, sampledOf)]),
  ];
}

function sizeLimits(rows: number, positives: number): Words[] {
  const share = percent(positives / rows);
  const small = rows < SMALL.rows || Math.min(positives, rows - positives) < SMALL.positives;
  return [
    ...(small
      ? [
          {
            en: `There are only ${rows} rows, ${positives} of them yes: the figures would be others on other rows, as their intervals say.`,
            'zh-CN': `仅有 ${rows} 行，其中 ${positives} 行为“是”：换一批数据指标会有出入，见区间。`,
          },
        ]
      : []),
    ...(positives / rows < RARE
      ? [
          {
            en: `Yes is rare (${share}): even good probabilities are small; choose by rank or by the threshold, not by 50 %.`,
            'zh-CN': `“是”很少（${share}）：概率再准也偏小；请按排名或阈值选取，而非 50 %。`,
          },
        ]
      : []),
  ];
}

function splitLimits(split: Crossed['split']): Words[] {
  if (split === 'time') return [];
  return [
    {
      en: 'No column of time was named: rows were parted at random. Rows of a later period may be told less well.',
      'zh-CN': '未指定时间列：行按随机划分，对之后时期的行可能判断得差一些。',
    },
  ];
}

function leakLimits(leaks: readonly Leak[], { keep }: TableChoices): Words[] {
  return leaks
    .filter(({ column }) => column !== '')
    .flatMap(({ column, verdict }): Words[] => {
      if (verdict === 'warning') return [];
      if (!keep.includes(column))
        return [
          {
            en: `“${column}” was left out: it seems to know the outcome.`,
            'zh-CN': `已剔除“${column}”：它似乎已知道结果。`,
          },
        ];
      return [
        {
          en: `“${column}” seems to know the outcome and was kept by hand: the figures hold only if it is known before.`,
          'zh-CN': `“${column}”似乎已知道结果，但被手动保留：仅当它事先可知时指标才成立。`,
        },
      ];
    });
}

function contextLimit(columns: readonly string[]): Words {
  const list = columns.map(name => `“${name}”`).join(', ');
  return {
    en: `Rows with the same ${list} came about together, and their common rate is learned from. Rows of combinations that were never seen are told by the columns alone, and less well than the figures say.`,
    'zh-CN': `${list} 相同的行一同产生，模型学习了它们的共同比率。对从未出现过的组合只能依据各列判断，效果会差于所示指标。`,
  };
}

function unansweredLimit(rows: number): Words {
  return {
    en: `${rows} rows have no answer, or no time, and were not learned from.`,
    'zh-CN': `${rows} 行没有答案或时间，未参与学习。`,
  };
}

function sampleLimit(rows: number, of: number): Words {
  return {
    en: `Of ${of} rows ${rows} were learned from, drawn evenly from the whole file: as many as fit into memory.`,
    'zh-CN': `共 ${of} 行，从整个文件均匀抽取 ${rows} 行学习，以适应内存。`,
  };
}
