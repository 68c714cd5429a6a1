import { clockStep } from './checks/clock.step.ts';
import { errorsStep } from './checks/errors.step.ts';
import { healthStep } from './checks/health.step.ts';
import { permissionStep } from './checks/permission.step.ts';
import { settingsStep } from './checks/settings.step.ts';
import { webhookStep } from './checks/webhook.step.ts';
import { askStep } from './scenes/ask.step.ts';
import { callSteps } from './scenes/call.steps.ts';
import type { VerificationStep } from './step.ts';

/** The order: reads, refusals, then what the user must answer. */
export const STEPS_IN_ORDER: readonly VerificationStep[] = [
  settingsStep,
  healthStep,
  clockStep,
  errorsStep,
  permissionStep,
  askStep,
  ...callSteps,
  // Last, since the calls before it bring the first deliveries.
  webhookStep,
];
