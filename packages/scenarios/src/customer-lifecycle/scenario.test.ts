import { checkScenario } from '@bellwether/testing';
import { customerLifecycle } from './index.ts';

checkScenario(customerLifecycle);
