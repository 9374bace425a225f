import { api, type AudienceDefinition } from '@bellwether/contracts';
import { Checkbox, Drawer, Select, Slider } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useCall } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Rich } from '../../parts/Rich.tsx';
import { useToaster } from '../../parts/Toaster.tsx';
import { useWords } from '../../parts/useWords.ts';

interface CreateAudienceProps {
  scenario: string | undefined;
  onClose: () => void;
}

/** An audience from a score: the count follows the slider. */
export function CreateAudience({ scenario, onClose }: CreateAudienceProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const toaster = useToaster();
  const { data: scenarios = [] } = useApi(api.scenarios.list, {});
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<string | undefined>(scenario);
  const [isBest, setBest] = useState(true);
  const [bounds, setBounds] = useState<[number, number]>([50, 100]);
  const [limit, setLimit] = useState('');
  const create = useCall(api.engagement.createAudience, [api.engagement.audiences]);
  const of = chosen ?? scenarios.find(({ scored }) => scored > 0)?.name;
  const definition: AudienceDefinition | undefined =
    of === undefined
      ? undefined
      : {
          scenario: of,
          min_probability: isBest ? 0 : bounds[0] / 100,
          max_probability: isBest ? 1 : bounds[1] / 100,
          chosen_only: isBest,
          ...(Number(limit) > 0 ? { limit: Math.floor(Number(limit)) } : {}),
        };
  const count = useCount(definition);
  const save = () =>
    definition &&
    create.mutate(
      { body: { name, definition } },
      {
        onError: error => toaster.fault(error),
        onSuccess: made => {
          toaster.done(t('audiences.made', { name: made.name }));
          onClose();
        },
      },
    );
  return (
    <Drawer
      open
      size={460}
      title={t('audiences.create')}
      onClose={onClose}
      footer={
        <div className="drawer-foot">
          <p className="note">{name.trim() === '' ? t('audiences.needName') : ''}</p>
          <button
            type="button"
            className="button main-button"
            disabled={name.trim() === '' || definition === undefined || create.isPending}
            onClick={save}
          >
            {t('audiences.save')}
          </button>
        </div>
      }
    >
      <p className="drawer-answer" aria-live="polite">
        {count === undefined ? (
          t('audiences.counting')
        ) : (
          <Rich text={t('audiences.count', { count, n: format.count(count) })} />
        )}
      </p>
      <label className="field">
        {t('audiences.name')}
        <input
          className="input"
          value={name}
          maxLength={200}
          onChange={event => setName(event.target.value)}
          placeholder={t('audiences.name.example')}
        />
      </label>
      <label className="field">
        {t('audiences.score')}
        <Select
          value={of ?? null}
          onChange={setChosen}
          options={scenarios.map(row => ({
            value: row.name,
            label: say(row.title),
            disabled: row.scored === 0,
          }))}
        />
      </label>
      <Checkbox checked={isBest} onChange={event => setBest(event.target.checked)}>
        {t('audiences.worthIt')}
      </Checkbox>
      {!isBest && (
        <div className="field">
          <span>
            {t('audiences.range', {
              min: format.percent(bounds[0] / 100),
              max: format.percent(bounds[1] / 100),
            })}
          </span>
          <Slider
            range
            value={bounds}
            onChange={value => setBounds([value[0] ?? 0, value[1] ?? 100])}
            ariaLabelForHandle={[t('audiences.from'), t('audiences.to')]}
            tooltip={{ formatter: value => format.percent((value ?? 0) / 100) }}
          />
        </div>
      )}
      <label className="field">
        {t('audiences.limit')}
        <input
          className="input"
          type="number"
          min={1}
          value={limit}
          onChange={event => setLimit(event.target.value)}
          placeholder={t('audiences.limit.none')}
        />
      </label>
    </Drawer>
  );
}

/** How many the definition would hold, asked again when the reader pauses. */
function useCount(definition: AudienceDefinition | undefined): number | undefined {
  const [size, setSize] = useState<number>();
  const { mutateAsync } = useCall(api.engagement.countAudience);
  const asked = JSON.stringify(definition);
  useEffect(() => {
    if (asked === undefined) return;
    let wanted = true;
    const timer = setTimeout(() => {
      void mutateAsync({ body: JSON.parse(asked) as AudienceDefinition })
        .then(answer => wanted && setSize(answer.size))
        .catch(() => undefined);
    }, 180);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [asked, mutateAsync]);
  return size;
}
