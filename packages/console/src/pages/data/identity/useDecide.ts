import { api, type DuplicatePair } from '@bellwether/contracts';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../../app/api.ts';
import { useToaster } from '../../../parts/Toaster.tsx';

const TOUCHED = [api.duplicates.list, api.data.merges, api.customers.list];

export interface Decide {
  merge: (pair: DuplicatePair, keep: 'left' | 'right') => void;
  refuse: (pair: DuplicatePair) => void;
  reopen: (pair: DuplicatePair) => void;
  mergeAll: (least: number) => void;
  /** Takes the last decision of this visit back. */
  undo: () => void;
  isBusy: boolean;
}

const nameOf = ({ left, right }: DuplicatePair) => ({ left: left.customer_id, right: right.customer_id });

/** A person's word on a pair, with undo; the last of this visit can be taken back by a key. */
export function useDecide(): Decide {
  const { t } = useTranslation();
  const toaster = useToaster();
  const merge = useCall(api.duplicates.merge, TOUCHED);
  const refuse = useCall(api.duplicates.refuse, TOUCHED);
  const reopen = useCall(api.duplicates.reopen, TOUCHED);
  const last = useRef<DuplicatePair[]>([]);
  const onError = (error: Error) => toaster.fault(error);
  const takeBack = (pair: DuplicatePair) => reopen.mutate({ body: { pairs: [nameOf(pair)] } }, { onError });
  const noted = (pair: DuplicatePair, sentence: string) => {
    last.current.push(pair);
    toaster.done(sentence, () => takeBack(pair));
  };
  return {
    isBusy: merge.isPending || refuse.isPending || reopen.isPending,
    merge: (pair, keep) => {
      const [stays, goes] = keep === 'left' ? [pair.left, pair.right] : [pair.right, pair.left];
      const sentence = t('duplicates.merged', { stays: stays.customer_id, goes: goes.customer_id });
      merge.mutate(
        { body: { pairs: [{ ...nameOf(pair), keep }] } },
        { onError, onSuccess: () => noted(pair, sentence) },
      );
    },
    refuse: pair =>
      refuse.mutate(
        { body: { pairs: [nameOf(pair)] } },
        { onError, onSuccess: () => noted(pair, t('duplicates.refused')) },
      ),
    reopen: takeBack,
    mergeAll: at_least =>
      merge.mutate(
        { body: { at_least } },
        {
          onError,
          onSuccess: ({ merged }) =>
            toaster.done(t('duplicates.mergedAll', { count: merged, n: String(merged) })),
        },
      ),
    undo: () => {
      const pair = last.current.pop();
      if (pair) takeBack(pair);
    },
  };
}
