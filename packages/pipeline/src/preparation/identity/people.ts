import type { Milliseconds } from '@bellwether/contracts';

/** `from` and `to` are one person, known since `at`; `to` is the id that the person goes by from then on. */
export interface Link {
  from: string;
  to: string;
  at: Milliseconds;
}

/** One id of a person who has several: whose it is, and when that became known (0 for the customer's own id). */
export interface Membership {
  alias: string;
  customer: string;
  linkedAt: Milliseconds;
}

/**
 * Joins ids into people. A forest by size without path compression: the larger tree takes the smaller, so paths stay
 * within log2(n), and each edge keeps the moment at which it was made. Since links come in order of time, the latest
 * moment on the path between two ids is when they became known to be one person (Kruskal: a minimum bottleneck).
 */
export class People {
  readonly #index = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #parent: number[] = [];
  readonly #size: number[] = [];
  readonly #joinedAt: Milliseconds[] = [];
  /** Whether a link says that the person goes by another id now. */
  readonly #replaced: boolean[] = [];

  /** Links that clients told, in order of time. */
  link({ from, to, at }: Link): void {
    const [old, current] = [this.#node(from), this.#node(to)];
    this.#replaced[old] = true;
    this.#join(old, current, at);
  }

  /**
   * Every id with its customer. A person goes by the first id that no link replaces (the first of all, if each was
   * replaced); `merges`, a person's decisions in order of time, come last, and `to` names the customer who stays.
   */
  *memberships(merges: readonly Link[] = []): Generator<Membership> {
    const decided = merges.map(({ from, to, at }) => ({ from: this.#node(from), to: this.#node(to), at }));
    const chosen = this.#chosen();
    for (const { from, to, at } of decided) {
      const stays = chosen.get(this.#root(to)) ?? to;
      this.#join(from, to, at);
      chosen.set(this.#root(to), stays);
    }
    for (const [node, alias] of this.#names.entries()) {
      const customer = chosen.get(this.#root(node)) ?? node;
      yield { alias, customer: this.#names[customer] ?? alias, linkedAt: this.#between(node, customer) };
    }
  }

  #node(name: string): number {
    const known = this.#index.get(name);
    if (known !== undefined) return known;
    const node = this.#names.push(name) - 1;
    this.#index.set(name, node);
    this.#parent.push(node);
    this.#size.push(1);
    this.#joinedAt.push(0);
    this.#replaced.push(false);
    return node;
  }

  #root(node: number): number {
    let at = node;
    for (let up = this.#parent[at]; up !== undefined && up !== at; up = this.#parent[at]) at = up;
    return at;
  }

  #join(left: number, right: number, at: Milliseconds): void {
    const [a, b] = [this.#root(left), this.#root(right)];
    if (a === b) return;
    const [small, large] = this.#sizeOf(a) < this.#sizeOf(b) ? [a, b] : [b, a];
    this.#parent[small] = large;
    this.#joinedAt[small] = at;
    this.#size[large] = this.#sizeOf(large) + this.#sizeOf(small);
  }

  /** Root -> the id that its person goes by. */
  #chosen(): Map<number, number> {
    const chosen = new Map<number, number>();
    for (const node of this.#names.keys()) {
      const root = this.#root(node);
      const rival = chosen.get(root);
      if (rival === undefined || (this.#replaced[rival] && !this.#replaced[node])) chosen.set(root, node);
    }
    return chosen;
  }

  /** The latest moment on the path between two ids of one person; a parent is always larger than its child. */
  #between(left: number, right: number): Milliseconds {
    let [a, b, latest] = [left, right, 0];
    while (a !== b) {
      if (this.#sizeOf(a) > this.#sizeOf(b)) [a, b] = [b, a];
      latest = Math.max(latest, this.#joinedAt[a] ?? 0);
      a = this.#parent[a] ?? b;
    }
    return latest;
  }

  #sizeOf(node: number): number {
    return this.#size[node] ?? 0;
  }
}
