import { checkScenario } from '@bellwether/testing';
import { recommendation } from './index.ts';

checkScenario(recommendation, {
  tells: async ({ warehouse }, customer_id) =>
    (
      await warehouse.query(
        'SELECT rank FROM current_recommendations WHERE customer_id = {customer_id:String}',
        { customer_id },
      )
    ).length > 0,
});
