import { competition } from './competition.ts';
import { customers } from './customers.ts';
import { data } from './data.ts';
import { engagement } from './engagement.ts';
import { fields } from './fields.ts';
import { lifecycle } from './lifecycle.ts';
import { models } from './models.ts';
import { operations } from './operations.ts';
import { people } from './people.ts';
import { profile } from './profile.ts';
import { recommendation } from './recommendation.ts';
import { settings } from './settings.ts';
import { shell } from './shell.ts';
import { tables } from './tables.ts';
import { today } from './today.ts';

/** English. Its keys are the console's words: `t` accepts no other. */
export const en = {
  ...shell,
  ...today,
  ...data,
  ...fields,
  ...customers,
  ...lifecycle,
  ...models,
  ...operations,
  ...competition,
  ...engagement,
  ...people,
  ...profile,
  ...recommendation,
  ...settings,
  ...tables,
};
