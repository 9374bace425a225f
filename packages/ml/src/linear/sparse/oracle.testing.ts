import { readFileSync } from 'node:fs';
import { sparseOf } from '../../sparse.ts';
import type { FactorisationMachineParameters } from './factors.ts';
import type { FtrlRule } from './ftrl.ts';
import type { SgdParameters } from './sgd.ts';

interface Weights {
  weights: number[];
  intercept: number;
}

/** What `oracles/sparse.py` wrote. */
interface SparseOracle {
  width: number;
  rows: [index: number, value: number][][];
  target: number[];
  amount: number[];
  ftrl: (FtrlRule & Weights & { loss: number })[];
  sgd: (Weights & { parameters: SgdParameters })[];
  machine: { parameters: Required<FactorisationMachineParameters>; scores: number[] }[];
  hashes: { text: string; seed: number; hash: number }[];
  hasher: { cities: string[]; places: number[]; values: number[] };
  texts: string[];
  tfidf: {
    parameters: { sublinear: boolean; idf: boolean; words: [number, number]; minTexts: number };
    rows: Record<string, number>[];
  }[];
}

// the file is ours, written by the script beside it
export const oracle = JSON.parse(
  readFileSync(new URL('../../../oracles/sparse.json', import.meta.url), 'utf8'),
) as SparseOracle;

export const oracleRows = sparseOf(oracle.width, oracle.rows);
export const oracleTarget = Float32Array.from(oracle.target);
export const oracleAmount = Float32Array.from(oracle.amount);
