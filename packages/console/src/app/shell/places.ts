import type { IconName } from '../../parts/Icon.tsx';

/** The places of the rail, in the order of the work. */
export const PLACES = [
  { to: '/', word: 'nav.today', icon: 'today' },
  { to: '/customers', word: 'nav.customers', icon: 'customers' },
  { to: '/audiences', word: 'nav.audiences', icon: 'audiences' },
  { to: '/journeys', word: 'nav.journeys', icon: 'journeys' },
  { to: '/inbox', word: 'nav.inbox', icon: 'inbox' },
  { to: '/models', word: 'nav.models', icon: 'models' },
  { to: '/data', word: 'nav.data', icon: 'data' },
  { to: '/settings', word: 'nav.settings', icon: 'settings' },
] as const satisfies readonly { to: string; word: string; icon: IconName }[];
