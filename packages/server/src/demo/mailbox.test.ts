import { expect, test } from 'vitest';
import { linksOf } from './mailbox.ts';

test('finds the pixel, the first link to the shop and the unsubscribe link, whatever their order', () => {
  const html = `<a href="http://x/u/tok?lang=en&amp;a=1">stop</a><img src="http://x/o/pix.gif"><a href="http://x/c/one">go</a><a href="http://x/c/two">go</a>`;
  expect(linksOf(html)).toEqual({
    unsubscribe: 'http://x/u/tok?lang=en&a=1',
    open: 'http://x/o/pix.gif',
    click: 'http://x/c/one',
  });
});

test('a mail without tracked links has none', () => {
  expect(linksOf('<a href="https://shop.example/tea">tea</a>')).toEqual({});
});
