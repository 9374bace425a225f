import { Outlet, useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStored } from '../preferences.tsx';
import { CommandPalette } from './CommandPalette.tsx';
import { Rail } from './Rail.tsx';
import { TopBar } from './TopBar.tsx';

const isRailWidth = (value: string): value is 'wide' | 'narrow' => value === 'wide' || value === 'narrow';

/** Rail at the left, bar at the top, one column of content. */
export function Shell() {
  const { t } = useTranslation();
  const [rail, setRail] = useStored('rail', 'wide', isRailWidth);
  const [isOpen, setOpen] = useState(false);
  const [palette, setPalette] = useState(false);
  const isBusy = useRouterState({ select: ({ status }) => status === 'pending' });
  return (
    <div className={`shell rail-${rail} ${isOpen ? 'rail-open' : ''}`}>
      <a href="#content" className="skip">
        {t('action.skip')}
      </a>
      <Rail
        isNarrow={rail === 'narrow'}
        onFold={() => setRail(rail === 'wide' ? 'narrow' : 'wide')}
        onGo={() => setOpen(false)}
      />
      <div className="column" aria-busy={isBusy}>
        <TopBar onSearch={() => setPalette(true)} onMenu={() => setOpen(!isOpen)} />
        <Outlet />
      </div>
      <CommandPalette isOpen={palette} setOpen={setPalette} />
    </div>
  );
}
