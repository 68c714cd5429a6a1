import type { GatewayClient } from '#cli/terminal/gateway.client.js';
import type { Surroundings } from '#cli/terminal/surroundings.js';
import type { RawUpstream } from '#cli/webhook/raw-upstream.js';
import type { AssumptionId } from './claims.ts';
import type { AssumptionFinding } from './finding.ts';
import type { StepName } from './texts.ts';

/** The context of a step. */
export interface StepContext {
  gateway: GatewayClient;
  /** 360dialog itself; null where its key is not at hand. */
  upstream: RawUpstream | null;
  /** The user that may be asked and called: bare digits or a BSUID; null without `--to`. */
  to: string | null;
  /** The timeout for the reply to a permission request. */
  waitSeconds: number;
  surroundings: Pick<Surroundings, 'clock' | 'pause'>;
  interruption: AbortSignal;
}

/** One step of the verification. It runs only after the operator has confirmed it. */
export interface VerificationStep {
  name: StepName;
  ids: readonly AssumptionId[];
  /** What the step requires: `upstream` is 360dialog itself, `person` a user that may be called. */
  needs: 'nothing' | 'upstream' | 'person';
  run(context: StepContext): Promise<AssumptionFinding[]>;
}
