import type { Parameters } from '../../estimator.ts';
import type { Family, Make } from '../../family.ts';
import type { Saved } from '../../saved.ts';
import { factorisationMachine, loadFactorisationMachine } from './factors.ts';
import { ftrl, loadFtrl } from './ftrl.ts';
import { hashedOf, loadHashed } from './hashed.ts';
import { loadSgd, sgd } from './sgd.ts';
import { loadSparseSoftmax, sparseSoftmax } from './softmax.ts';
import { loadTextClassifier, textClassifier, type TextClassifierParameters } from './text-classifier.ts';

export const sparseFamily = {
  makers: {
    ...{ ftrl, sgd, sparseSoftmax, factorisationMachine },
    hashed: (parameters: { hashing: Parameters; learner: Parameters }, make: Make) =>
      hashedOf(parameters, described => make.estimator(described)),
    textClassifier: (parameters: TextClassifierParameters) => textClassifier(parameters),
  },
  models: {
    ftrl: loadFtrl,
    hashed: loadHashed,
    sgd: loadSgd,
    sparseSoftmax: loadSparseSoftmax,
    factorisationMachine: loadFactorisationMachine,
    textClassifier: (saved: Saved) => loadTextClassifier(saved),
  },
} satisfies Family;
