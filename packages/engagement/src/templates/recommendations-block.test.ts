import { expect, test } from 'vitest';
import { PREVIEW_LINKS } from '../links/links.ts';
import { compileTemplate } from './compile.ts';
import { withRecommendations } from './recommendations-block.ts';

test.each([
  ['<mj-text>{{ recommendations }}</mj-text>', 4],
  ['<mj-text>{{recommendations|limit:3}}</mj-text>', 3],
  ['<mj-recommendations products="6" />', 6],
  ['<mj-recommendations></mj-recommendations>', 4],
  ['<mj-recommendations products="2" /><mj-text>{{ recommendations | limit: 5 }}</mj-text>', 5],
  ['<mj-recommendations products="900" />', 24],
  ['<mj-text>{{ recommendation }}</mj-text>', 0],
])('%s shows %i products', (mjml, products) => {
  expect(withRecommendations(mjml).products).toBe(products);
});

test('a product is told as text, in the mail and in its twin; without products there is no block', async () => {
  const body =
    '<mj-section><mj-column><mj-text>Hello{{ recommendations | limit: 1 }}</mj-text></mj-column></mj-section>';
  const template = await compileTemplate({ subject: 'x', mjml: `<mjml><mj-body>${body}</mj-body></mjml>` });
  const customer = { id: 'a', name: '', email: '', country: '', city: '', language: '', orders: 0 };
  const scope = { customer, score: null, shop: { name: 'Tea', url: '' }, locale: 'en' };
  const product = {
    product_id: 'P1',
    title: '<b>Tea</b> & cake',
    price: '€10.00',
    image_url: 'https://shop.example/1.jpg',
  };
  const recommended = ['https://shop.example/1?a=1&b=2', 'https://shop.example/2'].map(url => ({
    ...product,
    url,
  }));
  const { html, text } = template.render({ ...scope, recommended }, PREVIEW_LINKS);
  expect(html).toContain('&lt;b&gt;Tea&lt;/b&gt; &amp; cake');
  expect(html).toContain('href="https://shop.example/1?a=1&#38;b=2"');
  expect(html).not.toContain('https://shop.example/2');
  expect(text).toContain('<b>Tea</b> & cake: https://shop.example/1?a=1&b=2\n€10.00');
  expect(template.render({ ...scope, recommended: [] }, PREVIEW_LINKS).html).not.toContain('€');
});
