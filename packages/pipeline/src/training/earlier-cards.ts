import type { ClassifierCard, ModelCard, Words } from '@bellwether/contracts';

/** What cards of classifiers did not have before methods competed. */
type Earlier = Omit<ClassifierCard, 'families' | 'rivals' | 'value'> &
  Partial<Pick<ClassifierCard, 'families' | 'rivals'>> & {
    value: Omit<ClassifierCard['value'], 'why'> & { why: Words | string };
  };

/** A kept card as it is told today: an earlier one has an empty list for what came since, and its rule in English only. */
export function cardOfToday(card: ModelCard): ModelCard {
  if (card.kind !== 'classifier') return card;
  const kept: Earlier = card;
  const { families = [], rivals = [], value } = kept;
  const why = typeof value.why === 'string' ? { en: value.why, 'zh-CN': value.why } : value.why;
  return { ...kept, families, rivals, value: { ...value, why } };
}
