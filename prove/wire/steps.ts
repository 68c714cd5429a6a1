import { clockStep } from './checks/clock.step.js';
import { errorsStep } from './checks/errors.step.js';
import { healthStep } from './checks/health.step.js';
import { permissionStep } from './checks/permission.step.js';
import { settingsStep } from './checks/settings.step.js';
import { webhookStep } from './checks/webhook.step.js';
import { askStep } from './scenes/ask.step.js';
import { callSteps } from './scenes/call.steps.js';
import type { VerificationStep } from './step.js';

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
