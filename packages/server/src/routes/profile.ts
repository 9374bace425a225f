import { api } from '@bellwether/contracts';
import { deleteTrait, getTrait, listTraits, previewTrait, saveTrait } from '@bellwether/pipeline';
import {
  customerProfileOf,
  listLookalikes,
  lookalikeMembers,
  makeLookalike,
  profileOverview,
  renameSegment,
  rfmGrid,
} from '@bellwether/scenarios';
import { DONE, type Mount } from '../http/mount.ts';
import type { Installation } from '../installation.ts';
import { currencyOf } from '../read/currency.ts';
import { objectors } from '@bellwether/privacy';

const { profile } = api;

export function mountProfile(on: Mount, installation: Installation): void {
  const { stores, jobs } = installation;
  on(profile.overview, async () => profileOverview(stores, await currencyOf(installation)));
  on(profile.rfm, async () => rfmGrid(stores, await currencyOf(installation)));
  on(profile.customer, ({ params }) => customerProfileOf(stores, params.id));
  on(profile.rename, async ({ params, body }) => {
    await renameSegment(stores, params.id, body);
    return DONE;
  });
  on(profile.lookalikes, () => listLookalikes(stores));
  on(profile.makeLookalike, async ({ body }) =>
    makeLookalike(stores, body, { exclude: await objectors(stores) }),
  );
  on(profile.lookalikeMembers, ({ params, query }) => lookalikeMembers(stores, params.id, query.limit));
  on(profile.computeTraits, () => jobs.enqueue('traits'));
  mountTraits(on, installation);
}

function mountTraits(on: Mount, { stores, jobs }: Installation): void {
  on(profile.traits, () => listTraits(stores));
  on(profile.trait, ({ params }) => getTrait(stores, params.name));
  on(profile.previewTrait, ({ body }) => previewTrait(stores, body));
  on(profile.saveTrait, async ({ params, body }) => {
    await saveTrait(stores, params.name, body);
    await jobs.enqueue('traits');
    return getTrait(stores, params.name);
  });
  on(profile.deleteTrait, async ({ params }) => {
    await deleteTrait(stores, params.name);
    return DONE;
  });
}
