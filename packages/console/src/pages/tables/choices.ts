import { api, type TableChoices, type TablePage } from '@bellwether/contracts';
import { useCall } from '../../app/api.ts';
import { useToaster } from '../../parts/Toaster.tsx';

/** Changes some of a table's choices; what is found with them is shown when it comes. */
export function useChoices(page: TablePage): {
  change: (some: Partial<TableChoices>) => void;
  isBusy: boolean;
} {
  const toaster = useToaster();
  const choose = useCall(api.tables.choose, [api.tables.page, api.tables.list]);
  const change = (some: Partial<TableChoices>) =>
    choose.mutate(
      { params: { id: page.id }, body: { ...page.choices, ...some } },
      { onError: error => toaster.fault(error) },
    );
  return { change, isBusy: choose.isPending };
}

export const without = (names: readonly string[], name: string): string[] =>
  names.filter(one => one !== name);
