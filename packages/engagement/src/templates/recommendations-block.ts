/** Products of a block that does not say how many. */
const PRODUCTS = 4;
const MOST = 24;

const TAG = /<mj-recommendations\b([^>]*?)\/?>(?:\s*<\/mj-recommendations>)?/g;
const WORD = /\{\{-?\s*recommendations(?:\s*\|\s*limit:\s*(\d+))?\s*-?\}\}/g;

/** A template whose blocks of recommendations are written out. */
export interface Expanded {
  mjml: string;
  /** Products that its largest block shows; 0 where there is none. */
  products: number;
}

/**
 * Writes out the blocks of a template: `{{ recommendations }}` or `{{ recommendations | limit: 3 }}` within a text, and
 * `<mj-recommendations products="3" />` between sections.
 *
 * @example
 * withRecommendations('<mj-text>{{ recommendations | limit: 3 }}</mj-text>').products // 3
 */
export function withRecommendations(mjml: string): Expanded {
  let products = 0;
  const block = (asked: string | undefined): string => {
    const count = Math.min(MOST, Math.max(1, Number(asked ?? PRODUCTS)));
    products = Math.max(products, count);
    return blockOf(count);
  };
  const expanded = mjml
    .replaceAll(TAG, (_, attributes: string) => {
      const [, asked] = /\bproducts="(\d+)"/.exec(attributes) ?? [];
      return `<mj-section><mj-column><mj-text>${block(asked)}</mj-text></mj-column></mj-section>`;
    })
    .replaceAll(WORD, (_, asked: string | undefined) => block(asked));
  return { mjml: expanded, products };
}

/** Two beside each other, below each other on a phone. The picture says no more than the title in the same link. */
function blockOf(count: number): string {
  const words = `{% if product.image_url != '' %}<img src="{{ product.image_url }}" alt="" width="160" style="display:block;width:160px;max-width:100%;border-radius:6px;margin:0 0 8px"/>{% endif %}{{ product.title }}`;
  const link = `{% if product.url != '' %}<a href="{{ product.url }}" style="color:inherit;text-decoration:none;font-weight:600">${words}</a>{% else %}${words}{% endif %}`;
  return `{% for product in recommended limit:${count} %}<div style="display:inline-block;vertical-align:top;width:220px;max-width:100%;padding:0 12px 20px 0">${link}{% if product.price != '' %}<br/>{{ product.price }}{% endif %}</div>{% endfor %}`;
}
