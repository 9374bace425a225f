import { AppError, type Template } from '@bellwether/contracts';
import type { Database, Selectable } from '@bellwether/records';
import { nowOf, type Engagement, type Shop } from '../engagement.ts';
import { PREVIEW_LINKS } from '../links/links.ts';
import type { RenderedMessage, TemplateScope } from './compile.ts';
import { DEFAULT_TEMPLATES } from './defaults.ts';
import { peopleOf, type Person } from './people.ts';
import { listsFor } from './recommendations.ts';

/** Templates that were saved and those that came with Bellwether and were not changed, by name. */
export async function listTemplates(engagement: Engagement): Promise<Template[]> {
  const rows = await engagement.stores.records.selectFrom('templates').selectAll().execute();
  const saved = rows.map(templateOf);
  const untouched = DEFAULT_TEMPLATES.filter(template => !saved.some(({ id }) => id === template.id));
  return [...saved, ...untouched].sort((a, b) => a.name.localeCompare(b.name));
}

/** @throws AppError `template.not_found` */
export async function getTemplate(engagement: Engagement, id: string): Promise<Template> {
  const row = await engagement.stores.records
    .selectFrom('templates')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  const template = row === undefined ? DEFAULT_TEMPLATES.find(known => known.id === id) : templateOf(row);
  if (template === undefined) throw new AppError('template.not_found', `there is no template "${id}"`);
  return template;
}

/**
 * Creates or changes a template; one that cannot be rendered is not kept.
 *
 * @throws AppError `template.bad_mjml`, `template.bad_liquid`
 */
export async function saveTemplate(
  engagement: Engagement,
  id: string,
  content: { name: string; subject: string; mjml: string },
): Promise<Template> {
  const now = nowOf(engagement);
  const template = { id, ...content, updated_at: now.toISOString() };
  await engagement.templates.compiled(template);
  const row = { ...content, updated_at: now };
  await engagement.stores.records
    .insertInto('templates')
    .values({ id, ...row })
    .onConflict(conflict => conflict.column('id').doUpdateSet(row))
    .execute();
  return template;
}

/**
 * A template as a customer would see it, or as somebody made up would. Its links count nothing and unsubscribe nobody.
 *
 * @returns the mail, and under `missing` the variables that nothing fills for this person
 * @throws AppError `template.not_found`, `template.no_customer`
 */
export async function previewTemplate(
  engagement: Engagement,
  id: string,
  customerId?: string,
): Promise<RenderedMessage & { missing: string[] }> {
  const compiled = await engagement.templates.compiled(await getTemplate(engagement, id));
  const scope = await previewScope(engagement, compiled.products, customerId);
  const missing = compiled.variables.filter(name => !isFilled(scope, name));
  return { ...compiled.render(scope, PREVIEW_LINKS), missing };
}

async function previewScope(
  engagement: Engagement,
  products: number,
  customerId: string | undefined,
): Promise<TemplateScope> {
  const person = await somebody(engagement, customerId);
  const scope = scopeOf(person, engagement.shop);
  if (products === 0) return scope;
  const reader = { key: 'preview', customerId: person.id, locale: scope.locale };
  const list = (await listsFor(engagement, [reader], products)).get('preview');
  return { ...scope, recommended: list?.items ?? [] };
}

/** What a template may say to a person. */
export function scopeOf(person: Person, shop: Shop): TemplateScope {
  const { id, name, email, country, city, language, orders, score } = person;
  return {
    customer: { id, name, email, country, city, language, orders },
    score,
    shop: { name: shop.name, url: shop.url ?? '' },
    locale: localeOf(language, shop),
  };
}

function localeOf(language: string, shop: Shop): Shop['locale'] {
  if (language === '') return shop.locale;
  return /^(zh|chinese|中文)/i.test(language) ? 'zh-CN' : 'en';
}

const MADE_UP: Person = {
  ...{
    id: 'preview',
    email: 'ann@example.com',
    name: 'Ann Example',
    country: 'United Kingdom',
    city: 'London',
  },
  ...{ language: '', timezone: 'Europe/London', orders: 3, score: 0.42 },
};

async function somebody({ stores }: Engagement, customerId: string | undefined): Promise<Person> {
  if (customerId === undefined) return MADE_UP;
  const person = (await peopleOf(stores.warehouse, [customerId])).get(customerId);
  if (person === undefined)
    throw new AppError('template.no_customer', `there is no customer "${customerId}" to preview for`);
  return person;
}

function isFilled(scope: TemplateScope, name: string): boolean {
  if (name === 'unsubscribe_url') return true;
  const value = name
    .split('.')
    .reduce<unknown>((at, part) => (at as Record<string, unknown> | null | undefined)?.[part], scope);
  return value !== undefined && value !== null && value !== '';
}

function templateOf(row: Selectable<Database['templates']>): Template {
  const { id, name, subject, mjml, updated_at } = row;
  return { id, name, subject, mjml, updated_at: updated_at.toISOString() };
}
