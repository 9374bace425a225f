/** A product of the list. */
export interface WidgetItem {
  product_id: string;
  position: number;
  title: string;
  price: number | null;
  currency: string;
  url: string;
  image_url: string;
}

/**
 * How one product looks: a function that makes an element, or a `<template>` (or a selector of one) in which elements with
 * `data-field` of `title`, `price`, `image` or `link` are filled.
 */
export type Template = ((item: WidgetItem) => HTMLElement) | HTMLTemplateElement | string;

interface Look {
  locale: string;
  title: string | undefined;
  template: Template | undefined;
}

const CSS = `.bw-list{list-style:none;margin:0;padding:0;display:grid;gap:var(--bw-gap,16px);grid-template-columns:repeat(auto-fill,minmax(var(--bw-width,160px),1fr))}
.bw-item a{color:inherit;text-decoration:none;display:block;border-radius:6px}
.bw-item a:hover .bw-title,.bw-item a:focus-visible .bw-title{text-decoration:underline}
.bw-item a:focus-visible{outline:2px solid;outline-offset:2px}
.bw-image{aspect-ratio:1;width:100%;height:auto;object-fit:contain;display:block;border-radius:6px;background:#8881}
.bw-title{margin-top:8px;line-height:1.4;height:2.8em;overflow:hidden;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2}
.bw-price{line-height:1.5;height:1.5em;font-weight:600;font-variant-numeric:tabular-nums}
.bw-waits .bw-title,.bw-waits .bw-price{background:#8881;border-radius:4px}`;

let isStyled = false;

/** Once for a page; a sheet made so is no inline style, which a shop's policy may forbid. */
export function styled(): void {
  if (isStyled) return;
  isStyled = true;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** As much room as the list will take. */
export function skeletonOf(k: number, title: string | undefined): HTMLElement {
  const box = boxOf(title, 'ul');
  box.setAttribute('aria-busy', 'true');
  const list = box.querySelector('ul')!; // `boxOf` made it
  for (let at = 0; at < k; at++) {
    const item = made('li', 'bw-item bw-waits');
    item.setAttribute('aria-hidden', 'true');
    item.append(made('div', 'bw-image'), made('div', 'bw-title'), made('div', 'bw-price'));
    list.append(item);
  }
  return box;
}

export function listOf(items: readonly WidgetItem[], look: Look): HTMLElement {
  const box = boxOf(look.title, 'ul');
  const list = box.querySelector('ul')!; // `boxOf` made it
  for (const item of items) {
    const row = made('li', 'bw-item');
    row.dataset['product'] = item.product_id;
    row.append(lookOf(item, look));
    list.append(row);
  }
  return box;
}

/** Addresses of products come from catalogues: what is no web address is left out. */
export function itemsOf(items: readonly WidgetItem[]): WidgetItem[] {
  return items.map(item => ({ ...item, url: webOnly(item.url), image_url: webOnly(item.image_url) }));
}

function webOnly(url: string): string {
  if (url === '') return '';
  try {
    const { protocol, href } = new URL(url, location.href);
    return /^https?:$/.test(protocol) ? href : '';
  } catch {
    return '';
  }
}

function boxOf(title: string | undefined, tag: string): HTMLElement {
  const box = made('section', 'bw-recommendations');
  const list = made(tag, 'bw-list');
  // a list whose marks are styled away is no list to some readers unless it says so
  list.setAttribute('role', 'list');
  if (title !== undefined) {
    box.setAttribute('aria-label', title);
    const heading = made('h2', 'bw-heading');
    heading.textContent = title;
    box.append(heading);
  }
  box.append(list);
  return box;
}

function lookOf(item: WidgetItem, { template, locale }: Look): Node {
  if (typeof template === 'function') return template(item);
  const source =
    typeof template === 'string' ? document.querySelector<HTMLTemplateElement>(template) : template;
  return source ? filled(source, item, locale) : card(item, locale);
}

/** The picture says nothing that the words do not: it is passed over by readers. */
function card(item: WidgetItem, locale: string): HTMLElement {
  const link = made(item.url === '' ? 'span' : 'a', 'bw-link');
  if (link instanceof HTMLAnchorElement) link.href = item.url;
  const [title, price] = [made('div', 'bw-title'), made('div', 'bw-price')];
  title.textContent = item.title;
  price.textContent = priceOf(item, locale);
  link.append(imageOf(item), title, price);
  return link;
}

function imageOf({ image_url }: WidgetItem): HTMLElement {
  if (image_url === '') return made('div', 'bw-image');
  const image = document.createElement('img');
  Object.assign(image, {
    className: 'bw-image',
    alt: '',
    loading: 'lazy',
    decoding: 'async',
    width: 320,
    height: 320,
  });
  image.src = image_url;
  return image;
}

function filled(source: HTMLTemplateElement, item: WidgetItem, locale: string): Node {
  const node = source.content.cloneNode(true) as DocumentFragment; // what a template's content is
  const words: Record<string, string> = { title: item.title, price: priceOf(item, locale) };
  for (const field of node.querySelectorAll<HTMLElement>('[data-field]')) {
    const name = field.dataset['field'] ?? '';
    if (field instanceof HTMLImageElement) {
      if (item.image_url !== '') field.src = item.image_url;
    } else if (field instanceof HTMLAnchorElement && name === 'link') {
      if (item.url !== '') field.href = item.url;
    } else field.textContent = words[name] ?? '';
  }
  return node;
}

/** The price as the reader's language writes it; a number alone where no currency is known. */
export function priceOf({ price, currency }: Pick<WidgetItem, 'price' | 'currency'>, locale: string): string {
  if (price === null) return '';
  try {
    const options =
      /^[A-Z]{3}$/.test(currency) && currency !== 'XXX' ? { style: 'currency' as const, currency } : {};
    return new Intl.NumberFormat(locale, options).format(price);
  } catch {
    return `${price} ${currency}`.trim();
  }
}

function made(tag: string, className: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}
