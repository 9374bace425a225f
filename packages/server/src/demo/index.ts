export { DEMO_PLAN, demoStart, runDemo, type DemoPlan, type DemoStage } from './demo.ts';
export type { SentMail } from './mailbox.ts';
