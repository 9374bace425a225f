import { api } from '@bellwether/contracts';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon, type IconName } from '../../parts/Icon.tsx';
import { useApi, useCall } from '../api.ts';
import { usePreferences } from '../preferences.tsx';
import { PLACES } from './places.ts';

/** As many customers as fit beside the pages. */
const PEOPLE = 6;

interface PaletteProps {
  isOpen: boolean;
  setOpen: (open: boolean) => void;
}

interface Command {
  id: string;
  text: string;
  hint: string;
  icon: IconName;
  run: () => void;
}

/** Ctrl or ⌘ K: go to a page or a customer, start the loop, change language or theme, by a few letters. */
export function CommandPalette({ isOpen, setOpen }: PaletteProps) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  useHotkey(() => setOpen(!isOpen));
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label={t('palette.open')}
      // the browser tells of a closing later; by then the palette may be open again
      onClose={() => !dialog.current?.open && setOpen(false)}
      onClick={event => event.target === dialog.current && setOpen(false)}
    >
      {isOpen && <PaletteList onDone={() => setOpen(false)} />}
    </dialog>
  );
}

function PaletteList({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const [index, setIndex] = useState(0);
  const commands = useCommands(query);
  const chosen = Math.min(index, commands.length - 1);
  const run = (command: Command | undefined) => {
    if (command === undefined) return;
    onDone();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) setIndex((chosen + step + commands.length) % Math.max(1, commands.length));
    else if (event.key === 'Enter') run(commands[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <input
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={commands[chosen] ? `palette-${commands[chosen].id}` : undefined}
        aria-label={t('palette.open')}
        placeholder={t('palette.hint')}
        value={query}
        onChange={event => {
          setQuery(event.target.value);
          setIndex(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id="palette-list" role="listbox" aria-label={t('palette.open')}>
        {commands.map((command, place) => (
          <li
            key={command.id}
            id={`palette-${command.id}`}
            role="option"
            aria-selected={place === chosen}
            onMouseMove={() => setIndex(place)}
            onClick={() => run(command)}
          >
            <Icon name={command.icon} size={16} />
            <span>{command.text}</span>
            <span className="quiet">{command.hint}</span>
          </li>
        ))}
      </ul>
      {commands.length === 0 && <p className="note">{t('palette.none')}</p>}
    </>
  );
}

function useCommands(query: string): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { locale, setLocale, scheme, setTheme } = usePreferences();
  const loop = useCall(api.system.runLoop, [api.system.jobs, api.system.overview]);
  const found = useApi(
    api.customers.list,
    { query: { search: query, limit: PEOPLE } },
    { enabled: query.trim().length >= 2, keep: true },
  );
  const fixed: Command[] = [
    ...PLACES.map(({ to, word, icon }) => ({
      id: word.replace('.', '-'),
      text: t(word),
      hint: t('palette.page'),
      icon,
      run: () => void navigate({ to }),
    })),
    { id: 'loop', text: t('loop.run'), hint: t('palette.action'), icon: 'jobs', run: () => loop.mutate({}) },
    {
      id: 'language',
      text: t('language.other'),
      hint: t('palette.action'),
      icon: 'person',
      run: () => setLocale(locale === 'en' ? 'zh-CN' : 'en'),
    },
    {
      id: 'theme',
      text: scheme === 'dark' ? t('theme.toLight') : t('theme.toDark'),
      hint: t('palette.action'),
      icon: scheme === 'dark' ? 'sun' : 'moon',
      run: () => setTheme(scheme === 'dark' ? 'light' : 'dark'),
    },
  ];
  const wanted = query.trim().toLowerCase();
  const people = wanted.length < 2 ? [] : (found.data?.rows.slice(0, PEOPLE) ?? []);
  return [
    ...fixed.filter(({ text }) => text.toLowerCase().includes(wanted)),
    ...people.map(person => ({
      id: `customer-${person.customer_id}`,
      text: person.name || person.email || person.customer_id,
      hint: person.email || person.customer_id,
      icon: 'person' as const,
      run: () => void navigate({ to: '/customers/$id', params: { id: person.customer_id } }),
    })),
  ];
}

function useHotkey(run: () => void): void {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      run();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [run]);
}
