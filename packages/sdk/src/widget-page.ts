// What `/widget.js` is made of: `<script src=".../widget.js" data-key="bw_…" data-surface="home" async></script>`.
import { recommendations, type RecommendationsOptions } from './widget.ts';

export { recommendations };

const script = document.currentScript;
if (script instanceof HTMLScriptElement && script.dataset['key'] !== undefined) start(script);

/** A script with a key shows a list in the element that it names, or where it stands. */
function start(script: HTMLScriptElement): void {
  const options = optionsOf(script);
  const show = (): void => void recommendations({ ...options, element: options.element || placeAt(script) });
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', show);
  else show();
}

function optionsOf({ src, dataset }: HTMLScriptElement): RecommendationsOptions {
  const {
    key,
    element,
    surface,
    k,
    product,
    basket,
    exclude,
    title,
    locale,
    template,
    userId,
    userToken,
    consent,
  } = dataset;
  const names = (text = ''): string[] => text.split(',').filter(name => name !== '');
  return {
    ...{ writeKey: key ?? '', element: element ?? '', baseUrl: src.replace(/\/widget\.js.*$/, '') },
    ...{ basket: names(basket), exclude: names(exclude), consent: consent !== 'false' },
    ...given({ surface, productId: product, title, locale, template }),
    ...(k === undefined ? {} : { k: Number(k) }),
    ...(userId === undefined ? {} : { user: { id: userId, token: userToken ?? '' } }),
  };
}

function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // what is undefined was left out
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

function placeAt(script: HTMLScriptElement): HTMLElement {
  const place = document.createElement('div');
  script.after(place);
  return place;
}
