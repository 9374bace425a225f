import type { Family, Make } from '../family.ts';
import type { Parameters } from '../estimator.ts';
import { cox, loadCox } from './cox.ts';
import {
  discreteSurvival,
  loadDiscreteSurvival,
  type DiscreteSurvivalParameters,
} from './discrete-survival.ts';
import { gammaGamma, loadGammaGamma } from './gamma-gamma.ts';
import { bgNbd, mbgNbd, paretoNbd, purchaseLoaders } from './purchases.ts';

export const lifetimeFamily: Family = {
  makers: {
    ...{ bgNbd, mbgNbd, paretoNbd, gammaGamma, cox },
    discreteSurvival: (parameters: Parameters & DiscreteSurvivalParameters, make: Make) =>
      // any model that predicts probabilities is a classifier; what it tells is checked where it is used
      discreteSurvival(make.estimator(parameters['classifier']) as never, parameters),
  },
  models: {
    ...purchaseLoaders,
    gammaGamma: loadGammaGamma,
    cox: loadCox,
    discreteSurvival: loadDiscreteSurvival,
  },
};
