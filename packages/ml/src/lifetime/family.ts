import type { Family } from '../family.ts';
import { gammaGamma, loadGammaGamma } from './gamma-gamma.ts';
import { bgNbd, mbgNbd, paretoNbd, purchaseLoaders } from './purchases.ts';

export const lifetimeFamily: Family = {
  makers: { 'bg-nbd': bgNbd, 'mbg-nbd': mbgNbd, 'pareto-nbd': paretoNbd, 'gamma-gamma': gammaGamma },
  models: { ...purchaseLoaders, 'gamma-gamma': loadGammaGamma },
};
