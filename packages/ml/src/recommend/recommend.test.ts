import { describe, expect, test } from 'vitest';
import { Rng } from '../random/rng.ts';
import { decode, encode } from '../saved.ts';
import { loadModel } from '../registry.ts';
import { sparseOf, sparseRowsAt } from '../sparse.ts';
import { als } from './als.ts';
import { blend } from './blend.ts';
import { bpr } from './bpr.ts';
import { ease } from './ease.ts';
import { loadRecommender, recommenderOf } from './family.ts';
import { itemKnn } from './item-knn.ts';
import { bestOf, listsOf } from './lists.reference.ts';
import { madeInteractions } from './made.testing.ts';
import { popularity } from './popularity.ts';
import { randomWalk } from './random-walk.ts';
import type { Interactions, Recommender, RecommenderEstimator } from './recommender.ts';
import { sequential } from './sequential.ts';
import { slim } from './slim.ts';

const METHODS: readonly RecommenderEstimator[] = [
  popularity({ halfLife: 200 }),
  als({ factors: 8, iterations: 5 }),
  bpr({ factors: 7, iterations: 40 }),
  itemKnn({ neighbours: 10, weighting: 'bm25' }),
  randomWalk({ neighbours: 30 }),
  ease({ l2: 20 }),
  slim({ l1: 0.5, l2: 5 }),
  sequential({ neighbours: 20 }),
  blend({ parts: [als({ factors: 4, iterations: 2 }), randomWalk()], weights: [1, 0.5] }),
];
const data = madeInteractions(300, 90, 12);

/** Every item's score, ranked plainly, without what a history holds. */
function rankedPlainly(model: Recommender, histories: Interactions, k: number): ReturnType<typeof listsOf> {
  const scores = model.scores(histories);
  return listsOf(
    Array.from({ length: histories.rows }, (_, row) =>
      bestOf(
        scores.subarray(row * model.items, (row + 1) * model.items),
        { k },
        histories.indices.subarray(histories.offsets[row], histories.offsets[row + 1]),
      ),
    ),
  );
}

describe.each(METHODS.map(method => [method.name, method] as const))('%s', (_, method) => {
  const fitted = method.fit(data);

  test('lists are the best of its scores, without what the history holds', async () => {
    const model = await fitted;
    expect(model.recommend(data, { k: 7 })).toEqual(rankedPlainly(model, data, 7));
  });

  test('what is not allowed is left out; with `seen` items come back', async () => {
    const model = await fitted;
    const allowed = new Uint8Array(90).fill(1).fill(0, 0, 30);
    const lists = model.recommend(data, { k: 5, allowed });
    expect(lists.items.every(item => item >= 30)).toBe(true);
    expect(lists.items.length).toBeGreaterThan(300);
    const all = model.recommend(data, { k: 90, seen: true });
    const fresh = model.recommend(data, { k: 90 });
    expect(all.items.length).toBeGreaterThan(fresh.items.length);
  });

  test('few rows and many, one thread and two, give the same to the last bit', async () => {
    const model = await fitted;
    const many = sparseRowsAt(
      data,
      Uint32Array.from({ length: 4000 }, (_row, i) => i % 300),
    );
    const [one, two] = [1, 2].map(threads => model.recommend(many, { k: 5, threads }));
    expect(two).toEqual(one);
    const few = model.recommend(sparseRowsAt(data, [0, 1]), { k: 5 });
    expect(one.items.slice(0, few.items.length)).toEqual(few.items);
    expect(one.scores.slice(0, few.items.length)).toEqual(few.scores);
  });

  test('the same seed gives the same model, on one thread and on two', async () => {
    const bytes = await Promise.all(
      [1, 2].map(async threads => encode((await method.fit(data, { threads, rng: new Rng(0) })).save())),
    );
    expect(bytes[1]).toEqual(bytes[0]);
    expect(encode((await fitted).save())).toEqual(bytes[0]);
  });

  test('saved and loaded it recommends the same; damage is refused', async () => {
    const model = await fitted;
    const saved = decode(encode(model.save()));
    expect(loadRecommender(saved).recommend(data, { k: 5 })).toEqual(model.recommend(data, { k: 5 }));
    expect(loadModel(saved).kind).toBe(method.name);
    expect(() => loadRecommender({ ...saved, version: 9 })).toThrow(/version 9/);
    expect(() => loadRecommender({ ...saved, arrays: {}, parts: [] })).toThrow(/no valid/);
  });

  test('its name and parameters make it again', () => {
    const again = recommenderOf(
      method.name,
      JSON.parse(JSON.stringify(method.parameters)) as object as never,
    );
    expect(again.parameters).toEqual(method.parameters);
  });

  test('whoever has no history gets an empty list, or what is popular', async () => {
    const lists = (await fitted).recommend(sparseOf(90, [[]]), { k: 3 });
    expect(lists.items.length).toBe(method.name === 'popularity' ? 3 : 0);
  });

  test('one user with one item is enough; nothing is not', async () => {
    const model = await method.fit({ ...sparseOf(5, [[[2, 1]]]), times: Float64Array.of(1) });
    expect(model.scores(sparseOf(5, [[[2, 1]]])).every(Number.isFinite)).toBe(true);
    await expect(method.fit(sparseOf(5, []))).rejects.toMatchObject({ code: 'ml.no_rows' });
    await expect(method.fit(sparseOf(5, [[], []]))).rejects.toMatchObject({ code: 'ml.no_rows' });
  });

  test('what cannot be used is refused with its place', async () => {
    const bad = { ...data, values: data.indices.map(() => 1) as never as Float32Array };
    const values = new Float32Array(data.indices.length).fill(1);
    values[3] = Infinity;
    await expect(method.fit({ ...bad, values })).rejects.toThrow(/entry 3 is Infinity/);
    await expect(method.fit({ ...data, times: Float64Array.of(1) })).rejects.toThrow(/1 times beside/);
    const model = await fitted;
    expect(() => model.recommend(sparseOf(89, [[]]), { k: 3 })).toThrow(/89 items; the model has 90/);
    expect(() => model.recommend(data, { k: 0 })).toThrow(/k must be/);
    expect(() => model.recommend(data, { k: 3, allowed: new Uint8Array(3) })).toThrow(
      /allowed must be 90 bytes/,
    );
  });
});

test.each([als({ factors: 8, iterations: 50 }), bpr({ iterations: 500 }), ease(), slim(), randomWalk()])(
  'a fit can be stopped: $name',
  async method => {
    const stop = new AbortController();
    stop.abort();
    await expect(method.fit(data, { signal: stop.signal })).rejects.toMatchObject({ code: 'ml.stopped' });
  },
);

test('people are recommended what their group likes', async () => {
  for (const method of METHODS.filter(({ name }) => name !== 'popularity')) {
    const lists = (await method.fit(data)).recommend(data, { k: 5 });
    let own = 0;
    for (let row = 0; row < lists.rows; row++)
      for (let at = lists.offsets[row]; at < lists.offsets[row + 1]; at++)
        if (lists.items[at] % 4 === row % 4) own++;
    // a quarter of the items are of the group
    expect(own / lists.items.length, method.name).toBeGreaterThan(0.5);
  }
});

test('similar items are of the same group', async () => {
  for (const method of [als({ factors: 8 }), itemKnn({ shrinkage: 5 }), ease({ l2: 20 })]) {
    const { items } = (await method.fit(data)).similarItems(40, 4);
    expect(items.length).toBe(4);
    expect(items.filter(item => item % 4 === 0).length).toBeGreaterThanOrEqual(3);
    expect(items.includes(40)).toBe(false);
  }
});

test('a popular item of old counts less than one of late', async () => {
  const interactions = { ...sparseOf(3, [[[0, 1]], [[0, 1]], [[1, 1]]]), times: Float64Array.of(0, 0, 10) };
  const nobody = sparseOf(3, [[]]);
  expect([...(await popularity().fit(interactions)).recommend(nobody, { k: 2 }).items]).toEqual([0, 1]);
  const late = await popularity({ halfLife: 2 }).fit(interactions);
  expect([...late.recommend(nobody, { k: 2 }).items]).toEqual([1, 0]);
});

test('what always follows an item comes next, whatever the order of the rows', async () => {
  const lists = Array.from({ length: 40 }, (_, user) => {
    const from = user % 8;
    return [0, 1, 2, 3].map(step => [(from + step) % 8, 1] as const).reverse();
  });
  const sparse = sparseOf(8, lists);
  const times = Float64Array.from(sparse.indices, (_, at) => -at);
  const model = await sequential({ share: 0.1, popularity: 0 }).fit({ ...sparse, times });
  const history = { ...sparseOf(8, [[[5, 1]]]), times: Float64Array.of(1) };
  expect(model.recommend(history, { k: 1 }).items[0]).toBe(6);
});

test('values below 0 are dislikes to als, and refused by methods without room for them', async () => {
  const disliked = {
    ...data,
    values: data.indices.map(item => (item === 0 ? 1 : 0)) as never as Float32Array,
  };
  const values = Float32Array.from(data.indices, item => (item < 12 ? -3 : 3));
  const model = await als({ factors: 8, alpha: 5 }).fit({ ...disliked, values });
  const scores = model.scores(data);
  const mean = (from: number, to: number): number => {
    let [sum, count] = [0, 0];
    for (let row = 0; row < 300; row++)
      for (let at = data.offsets[row]; at < data.offsets[row + 1]; at++)
        if (data.indices[at] >= from && data.indices[at] < to) {
          sum += scores[row * 90 + data.indices[at]];
          count++;
        }
    return sum / count;
  };
  expect(mean(0, 12)).toBeLessThan(0.2);
  expect(mean(12, 90)).toBeGreaterThan(0.6);
  await expect(itemKnn().fit({ ...data, values })).rejects.toThrow(
    /interaction 0 is -3; itemKnn takes values/,
  );
});
