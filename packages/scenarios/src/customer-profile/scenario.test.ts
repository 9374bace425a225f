import { checkScenario } from '@bellwether/testing';
import { customerProfile } from './index.ts';

checkScenario(customerProfile, {
  tells: async ({ warehouse }, id) =>
    (await warehouse.query('SELECT 1 FROM current_segments WHERE customer_id = {id:String}', { id })).length >
    0,
});
