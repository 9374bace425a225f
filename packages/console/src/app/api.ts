import { AppError, isAppError, sentenceOf, type Input, type Reply, type Route } from '@bellwether/contracts';
import { createClient } from '@bellwether/sdk';
import {
  keepPreviousData,
  QueryClient,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';

export const client = createClient({ baseUrl: '' });

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, error) => count < 2 && isAppError(error, 'client.unreachable'),
    },
  },
});

export interface ApiOptions<R> {
  enabled?: boolean;
  /** Milliseconds between looks, or a rule that tells them from the last answer. */
  every?: number | ((reply: Reply<R> | undefined) => number | false);
  /** Keep the last page in sight while the next is fetched. */
  keep?: boolean;
}

/** The answer of a GET, cached and kept fresh. */
export function useApi<R extends Route>(
  route: R,
  input: Input<R>,
  { enabled = true, every, keep = false }: ApiOptions<R> = {},
): UseQueryResult<Reply<R>> {
  return useQuery<Reply<R>>({
    queryKey: [route.path, input],
    queryFn: ({ signal }) => client.call<Route>(route, input, { signal }) as Promise<Reply<R>>,
    enabled,
    refetchInterval: typeof every === 'function' ? query => every(query.state.data) : (every ?? false),
    // TanStack asks for a function of exactly the same type; the helper is generic over it
    ...(keep ? { placeholderData: keepPreviousData } : {}),
  });
}

/** A call that changes something. `touches` are the routes whose answers it makes stale. */
export function useCall<R extends Route>(
  route: R,
  touches: readonly Route[] = [],
): UseMutationResult<Reply<R>, Error, Input<R>> {
  const cache = useQueryClient();
  return useMutation<Reply<R>, Error, Input<R>>({
    mutationFn: input => client.call<Route>(route, input) as Promise<Reply<R>>,
    onSettled: () => Promise.all(touches.map(({ path }) => cache.invalidateQueries({ queryKey: [path] }))),
  });
}

export const statusOf = (error: unknown): number | undefined =>
  isAppError(error) && typeof error.details['status'] === 'number' ? error.details['status'] : undefined;

/** Any thrown value as code and sentence, to be shown. */
export function faultOf(error: unknown): { code: string; sentence: string } {
  return error instanceof AppError
    ? { code: error.code, sentence: error.message }
    : { code: 'console.unexpected', sentence: sentenceOf(error) };
}
