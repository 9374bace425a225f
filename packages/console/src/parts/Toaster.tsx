import { createContext, use, useCallback, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { faultOf } from '../app/api.ts';
import { Icon } from './Icon.tsx';

interface Toast {
  id: number;
  text: string;
  kind: 'done' | 'fault';
  undo?: () => void;
}

interface Toaster {
  done: (text: string, undo?: () => void) => void;
  fault: (error: unknown) => void;
}

const Context = createContext<Toaster | null>(null);
/** How long a toast stays: long enough to read and to reach Undo by keyboard. */
const STAY = 7_000;

export function ToasterProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const next = useRef(0);
  const drop = useCallback((id: number) => setToasts(all => all.filter(toast => toast.id !== id)), []);
  const add = useCallback(
    (toast: Omit<Toast, 'id'>) => {
      const id = (next.current += 1);
      setToasts(all => [...all.slice(-3), { ...toast, id }]);
      setTimeout(() => drop(id), STAY);
    },
    [drop],
  );
  const value = useMemo<Toaster>(
    () => ({
      done: (text, undo) => add({ text, kind: 'done', ...(undo === undefined ? {} : { undo }) }),
      fault: error => {
        const { code, sentence } = faultOf(error);
        add({ text: `${sentence} (${code})`, kind: 'fault' });
      },
    }),
    [add],
  );
  return (
    <Context value={value}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map(toast => (
          <ToastLine key={toast.id} toast={toast} onClose={() => drop(toast.id)} />
        ))}
      </div>
    </Context>
  );
}

function ToastLine({ toast, onClose }: { toast: Toast; onClose: () => void }) {
  const { t } = useTranslation();
  const undo = () => {
    toast.undo?.();
    onClose();
  };
  return (
    <div className={`toast toast-${toast.kind}`}>
      <Icon name={toast.kind === 'done' ? 'check' : 'alert'} size={16} />
      <span>{toast.text}</span>
      {toast.undo && (
        <button type="button" className="link" onClick={undo}>
          {t('action.undo')}
        </button>
      )}
      <button type="button" className="bare" aria-label={t('action.close')} onClick={onClose}>
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}

export function useToaster(): Toaster {
  const toaster = use(Context);
  if (toaster === null) throw new Error('useToaster needs a ToasterProvider above it');
  return toaster;
}
