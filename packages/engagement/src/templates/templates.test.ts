import { freshRecords, freshWarehouse } from '@bellwether/testing';
import type { Records } from '@bellwether/records';
import type { Warehouse } from '@bellwether/warehouse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLinks } from '../links/links.ts';
import { addCustomers, openShop, SECRET, type TestShop } from '../testing/shop.ts';
import { compileTemplate, type TemplateScope } from './compile.ts';
import { DEFAULT_TEMPLATES } from './defaults.ts';
import { getTemplate, listTemplates, previewTemplate, saveTemplate } from './templates.ts';
import { textOf } from './text.ts';

const links = openLinks({ publicUrl: 'https://mail.shop.example', secret: SECRET });
const ofMessage = links.of({ key: '1:first:1', customerId: 'a' });
const scope: TemplateScope = {
  customer: {
    id: 'a',
    name: 'Ann',
    email: 'ann@example.com',
    country: '',
    city: '',
    language: '',
    orders: 2,
  },
  score: 0.4,
  shop: { name: 'Tea & Co', url: 'https://shop.example/?a=1&b=2' },
  locale: 'en',
};
const mail = (body: string) => ({
  subject: 'Hi {{ customer.name }}',
  mjml: `<mjml><mj-body><mj-section><mj-column>${body}</mj-column></mj-section></mj-body></mjml>`,
});
const rendered = async (body: string, changes: Partial<TemplateScope> = {}) =>
  (await compileTemplate(mail(body))).render({ ...scope, ...changes }, ofMessage);

describe('a rendered mail', () => {
  test('says the text of people as text, in each part as that part needs it', async () => {
    const customer = { ...scope.customer, name: '<b>Ann</b> & "Co"\r\nBcc: x' };
    const { subject, html, text } = await rendered('<mj-text>Dear {{ customer.name }}</mj-text>', {
      customer,
    });
    expect(html).toContain('Dear &lt;b&gt;Ann&lt;/b&gt; &amp; &#34;Co&#34;');
    expect(text).toContain('Dear <b>Ann</b> & "Co"');
    expect(subject).toBe('Hi <b>Ann</b> & "Co" Bcc: x');
  });

  test('counts clicks and openings by links of ours, and never touches the way out', async () => {
    const { html } = await rendered(
      '<mj-button href="{{ shop.url }}&c={{ customer.id }}">Go</mj-button><mj-text><a href="mailto:a@b.c">write</a></mj-text>',
    );
    const [, token = ''] = /href="https:\/\/mail\.shop\.example\/c\/([^"]+)"/.exec(html) ?? [];
    expect(links.read('c', token)).toEqual({ key: '1:first:1', url: 'https://shop.example/?a=1&b=2&c=a' });
    expect(html).toMatch(/<img src="https:\/\/mail\.shop\.example\/o\/[^"]+"/);
    expect(html).toContain(`href="${ofMessage.unsubscribeUrl}"`);
    expect(html).toContain('href="mailto:a@b.c"');
    expect(html).not.toContain('bw-track');
  });

  test('has a way to unsubscribe: its own, or ours in the reader’s language', async () => {
    const own = await rendered('<mj-text><a href="{{ unsubscribe_url }}">Bye</a></mj-text>');
    expect(own.html.split(ofMessage.unsubscribeUrl)).toHaveLength(2);
    expect(own.html).not.toContain('You receive this');
    const ours = await rendered('<mj-text>x</mj-text>', { locale: 'zh-CN' });
    expect(ours.html).toContain('退订');
    expect(ours.text).toContain(`退订: ${ofMessage.unsubscribeUrl}`);
  });

  test('loads nothing from elsewhere and reads no file', async () => {
    const { html } = await rendered('<mj-text>x</mj-text>');
    expect(html).not.toMatch(/fonts\.googleapis|<link/);
    const file = mail(`<mj-raw>{% render 'package.json' %}</mj-raw>`);
    await expect(compileTemplate(file)).rejects.toMatchObject({ code: 'template.bad_liquid' });
  });
});

test('the text twin reads like the mail', () => {
  const html = `<html><head><style>x{}</style></head><body><h1>Hello&nbsp;{{ customer.name }}</h1><!-- no -->
    <p>Tea &amp; more<br/>for {% if a > 1 %}you{% endif %}</p><a href="https://x.org/?a=1&amp;b=2"><b>Shop</b></a>
    <a href="https://x.org"><img src="y.png" alt="Our shop"></a></body></html>`;
  expect(textOf(html)).toBe(
    'Hello {{ customer.name }}\nTea & more\nfor {% if a > 1 %}you{% endif %}\nShop: https://x.org/?a=1&b=2 Our shop: https://x.org',
  );
});

test.each([
  ['template.bad_mjml', mail('<mj-oops>x</mj-oops>')],
  ['template.bad_mjml', { subject: 'x', mjml: 'not mjml' }],
  ['template.bad_mjml', { subject: 'x', mjml: '' }],
  ['template.bad_liquid', mail('<mj-text>{{ customer.name | nope }}</mj-text>')],
  ['template.bad_liquid', { ...mail('<mj-text>x</mj-text>'), subject: '{% if %}' }],
])('%s: a template that cannot work says where', async (code, source) => {
  await expect(compileTemplate(source)).rejects.toMatchObject({ code });
});

describe('templates of a shop', () => {
  let [warehouse, records]: [Warehouse?, Records?] = [];
  let shop: TestShop;
  beforeAll(async () => {
    [warehouse, records] = await Promise.all([freshWarehouse(), freshRecords()]);
    shop = openShop({ warehouse, records });
    await addCustomers(warehouse, [
      { id: 'li', name: '李雷', language: 'zh-CN', probability: 0.8, orders: 4 },
    ]);
  });
  afterAll(async () => {
    await warehouse?.close();
    await records?.destroy();
  });

  test.each(DEFAULT_TEMPLATES.map(template => template.id))(
    '%s is there from the start and complete',
    async id => {
      const { subject, html, text, missing } = await previewTemplate(shop.engagement, id);
      expect(missing).toEqual([]);
      for (const part of [subject, html, text]) {
        expect(part).toContain('Ann Example');
        expect(part).not.toMatch(/\{[{%]|undefined/);
      }
      expect(html).toContain('href="https://shop.example/?a=1&#38;b=2"');
    },
  );

  test('a preview is for one customer, in their language, and says what is not filled', async () => {
    const body =
      '<mj-text>{{ customer.nmae }} {{ customer.city }} {{ score }} {{ customer.orders }}</mj-text>';
    await saveTemplate(shop.engagement, 'mine', { name: 'Mine', ...mail(body) });
    const preview = await previewTemplate(shop.engagement, 'mine', 'li');
    expect(preview.subject).toBe('Hi 李雷');
    expect(preview.text).toMatch(/^ *0\.8 4$/m);
    expect(preview.missing.sort()).toEqual(['customer.city', 'customer.nmae']);
    expect(preview.html).toContain('退订');
    expect(preview.html).not.toMatch(/mail\.shop\.example/);
    await expect(previewTemplate(shop.engagement, 'mine', 'lost')).rejects.toMatchObject({
      code: 'template.no_customer',
    });
  });

  test('saving replaces, also a default; what cannot be rendered is not kept', async () => {
    const id = 'thought-of-you-en';
    await saveTemplate(shop.engagement, id, { name: 'Ours', ...mail('<mj-text>new</mj-text>') });
    expect((await getTemplate(shop.engagement, id)).name).toBe('Ours');
    await expect(
      saveTemplate(shop.engagement, id, { name: 'Broken', subject: 'x', mjml: '<mjml>' }),
    ).rejects.toMatchObject({ code: 'template.bad_mjml' });
    expect((await listTemplates(shop.engagement)).map(template => template.name)).toEqual(
      expect.arrayContaining(['Ours', '猜您会喜欢…（中文）']),
    );
    await expect(getTemplate(shop.engagement, 'lost')).rejects.toMatchObject({ code: 'template.not_found' });
  });
});
