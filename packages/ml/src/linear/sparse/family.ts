import type { Family } from '../../family.ts';
import { factorisationMachine, loadFactorisationMachine } from './factors.ts';
import { ftrl, loadFtrl } from './ftrl.ts';
import { loadSgd, sgd } from './sgd.ts';
import { loadSparseSoftmax, sparseSoftmax } from './softmax.ts';

export const sparseFamily = {
  makers: { ftrl, sgd, sparseSoftmax, factorisationMachine },
  models: {
    ftrl: loadFtrl,
    sgd: loadSgd,
    sparseSoftmax: loadSparseSoftmax,
    factorisationMachine: loadFactorisationMachine,
  },
} satisfies Family;
