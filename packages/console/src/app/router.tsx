import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import type { ComponentType, JSX } from 'react';
import { z } from 'zod';
import { api } from '@bellwether/contracts';
import { Fault, Skeleton } from '../parts/states.tsx';
import { Shell } from './shell/Shell.tsx';
import { NotFound } from './shell/NotFound.tsx';
import { client, queries, statusOf } from './api.ts';

/** A search parameter that is ignored, not fatal, where it makes no sense. */
const text = z.string().optional().catch(undefined);
const number = z.number().int().min(0).optional().catch(undefined);
const oneOf = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  z.enum(names).optional().catch(undefined);

/** A page that uses antd: both are fetched together, and the page stands inside antd's configuration. */
function withWidgets<Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) {
  return lazyRouteComponent(async (): Promise<{ default: () => JSX.Element }> => {
    const [{ Widgets }, pages] = await Promise.all([import('./Widgets.tsx'), load()]);
    const Inner: ComponentType = pages[name];
    return {
      default: () => (
        <Widgets>
          <Inner />
        </Widgets>
      ),
    };
  });
}

const root = createRootRoute({ notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: z.object({ to: text }),
  component: lazyRouteComponent(() => import('../pages/sign-in/SignIn.tsx'), 'SignIn'),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: ({ location }) => signedIn(location.href),
});

/** Nobody sees a page without a session; where they wanted to go is remembered. */
async function signedIn(to: string): Promise<void> {
  try {
    await queries.ensureQueryData({
      queryKey: [api.account.me.path, {}],
      queryFn: () => client.call(api.account.me),
    });
  } catch (error) {
    if (statusOf(error) === 401 || statusOf(error) === 403) {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- how the router is told to go elsewhere
      throw redirect({ to: '/sign-in', search: to === '/' ? {} : { to } });
    }
    throw error;
  }
}

const today = createRoute({
  getParentRoute: () => shell,
  path: '/',
  component: lazyRouteComponent(() => import('../pages/today/Today.tsx'), 'Today'),
});
const DATA_TABS = ['arrivals', 'imports', 'preparation', 'quality', 'quarantine', 'identity'] as const;
const data = createRoute({
  getParentRoute: () => shell,
  path: '/data',
  validateSearch: z.object({ tab: oneOf(DATA_TABS), reason: text, page: number }),
  component: withWidgets(() => import('../pages/data/DataPage.tsx'), 'DataPage'),
});
/** What the list shows; the page of one customer carries it along, for the way back. */
const customerList = z.object({
  search: text,
  audience: text,
  segment: text,
  sort: oneOf(['probability', 'revenue', 'orders', 'last_order_at', 'customer_id']),
  order: oneOf(['asc', 'desc']),
  page: number,
});
const customers = createRoute({
  getParentRoute: () => shell,
  path: '/customers',
  validateSearch: customerList,
  component: lazyRouteComponent(() => import('../pages/customers/Customers.tsx'), 'Customers'),
});
const customer = createRoute({
  getParentRoute: () => shell,
  path: '/customers/$id',
  validateSearch: customerList,
  component: withWidgets(() => import('../pages/customers/CustomerPage.tsx'), 'CustomerPage'),
});
const models = createRoute({
  getParentRoute: () => shell,
  path: '/models',
  component: lazyRouteComponent(() => import('../pages/models/Models.tsx'), 'Models'),
});
const scenario = createRoute({
  getParentRoute: () => shell,
  path: '/models/$name',
  validateSearch: z.object({ version: number, tab: text, seed: text }),
  component: withWidgets(() => import('../pages/models/ScenarioPage.tsx'), 'ScenarioPage'),
});
const tables = createRoute({
  getParentRoute: () => shell,
  path: '/models/tables',
  component: lazyRouteComponent(() => import('../pages/tables/Tables.tsx'), 'Tables'),
});
const table = createRoute({
  getParentRoute: () => shell,
  path: '/models/tables/$id',
  validateSearch: z.object({ version: number }),
  component: withWidgets(() => import('../pages/tables/TablePage.tsx'), 'TablePage'),
});
const audiences = createRoute({
  getParentRoute: () => shell,
  path: '/audiences',
  validateSearch: z.object({ create: z.boolean().optional().catch(undefined), scenario: text }),
  component: withWidgets(() => import('../pages/audiences/Audiences.tsx'), 'Audiences'),
});
const journeys = createRoute({
  getParentRoute: () => shell,
  path: '/journeys',
  component: withWidgets(() => import('../pages/journeys/Journeys.tsx'), 'Journeys'),
});
const journey = createRoute({
  getParentRoute: () => shell,
  path: '/journeys/$id',
  validateSearch: z.object({ state: text, page: number }),
  component: withWidgets(() => import('../pages/journeys/JourneyPage.tsx'), 'JourneyPage'),
});
const inbox = createRoute({
  getParentRoute: () => shell,
  path: '/inbox',
  validateSearch: z.object({ mail: text, page: number }),
  component: lazyRouteComponent(() => import('../pages/inbox/Inbox.tsx'), 'Inbox'),
});
const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  validateSearch: z.object({ tab: oneOf(['account', 'keys', 'engines']) }),
  component: withWidgets(() => import('../pages/settings/Settings.tsx'), 'Settings'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    shell.addChildren([
      today,
      data,
      customers,
      customer,
      models,
      scenario,
      tables,
      table,
      audiences,
      journeys,
      journey,
      inbox,
      settings,
    ]),
  ]),
  defaultPreload: 'intent',
  defaultPendingMs: 120,
  defaultPendingComponent: () => (
    <div className="page">
      <Skeleton height={320} />
    </div>
  ),
  defaultErrorComponent: ({ error, reset }) => (
    <div className="page">
      <Fault error={error} retry={reset} />
    </div>
  ),
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
