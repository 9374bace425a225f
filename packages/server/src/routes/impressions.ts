import { api, type CatalogueProduct } from '@bellwether/contracts';
import { keepRecommendationUse, recommendationUse } from '@bellwether/engagement';
import { sqlBeside } from '@bellwether/warehouse';
import { DONE, type Mount } from '../http/mount.ts';
import type { Installation } from '../installation.ts';
import { currencyOf } from '../read/currency.ts';
import { popularOf } from '../recommendation-use/door.ts';
import { recommendationResults } from '../recommendation-use/results.ts';
import { signingSecret } from '../recommendation-use/signature.ts';

const PRODUCTS = sqlBeside(import.meta.url, '../recommendation-use/products.sql');
const { impressions: routes } = api;

export function mountImpressions(on: Mount, installation: Installation): void {
  const { stores, recommender } = installation;
  const { records, warehouse } = stores;
  on(routes.use, () => recommendationUse(records));
  on(routes.setUse, async ({ body }) => {
    await keepRecommendationUse(records, body);
    return DONE;
  });
  on(routes.results, async ({ query }) => {
    const [use, currency] = await Promise.all([recommendationUse(records), currencyOf(installation)]);
    return recommendationResults(stores, use, { days: query.days, currency });
  });
  on(routes.products, ({ query }) => warehouse.query<CatalogueProduct>(PRODUCTS, query));
  on(routes.preview, async ({ body: { settings, ...query } }) => ({
    shown: await recommender.preview(query, settings),
    popular: await recommender.preview(popularOf(query), settings),
  }));
  on(routes.setup, () => setupOf(installation));
}

async function setupOf({ settings, url, keys, secrets }: Installation) {
  const isHeld = (await keys.holder(secrets.write_key)) !== undefined;
  return {
    script_url: `${(settings.publicUrl ?? url).replace(/\/+$/, '')}/widget.js`,
    write_key: isHeld ? secrets.write_key : null,
    signing_secret: signingSecret(secrets),
  };
}
