/** Numbers with scores, the best first; of equal scores the smaller number first. */
export interface Ranked {
  items: Uint32Array;
  scores: Float32Array;
}

/**
 * The k best of some items, by a heap whose root is the worst of those kept.
 *
 * @param items any order, each once
 * @param scoreOf more is better; an item with NaN is left out
 */
export function topOf(
  items: ArrayLike<number>,
  count: number,
  scoreOf: (item: number) => number,
  k: number,
): Ranked {
  const [heap, scores]: [number[], number[]] = [[], []];
  const worse = (a: number, b: number): boolean =>
    scores[a] < scores[b] || (scores[a] === scores[b] && heap[a] > heap[b]);
  const swap = (a: number, b: number): void => {
    [heap[a], heap[b]] = [heap[b], heap[a]];
    [scores[a], scores[b]] = [scores[b], scores[a]];
  };
  const sink = (from: number): void => {
    for (let at = from; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && worse(child, least)) least = child;
      if (least === at) return;
      swap(at, least);
      at = least;
    }
  };
  const rise = (from: number): void => {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!worse(at, parent)) return;
      swap(at, parent);
      at = parent;
    }
  };
  for (let i = 0; i < count; i++) {
    const [item, score] = [items[i], scoreOf(items[i])];
    if (Number.isNaN(score)) continue;
    if (heap.length < k) {
      heap.push(item);
      scores.push(score);
      rise(heap.length - 1);
    } else if (score > scores[0] || (score === scores[0] && item < heap[0])) {
      [heap[0], scores[0]] = [item, score];
      sink(0);
    }
  }
  const order = heap.map((_, at) => at).sort((a, b) => scores[b] - scores[a] || heap[a] - heap[b]);
  return {
    items: Uint32Array.from(order, at => heap[at]),
    scores: Float32Array.from(order, at => scores[at]),
  };
}
