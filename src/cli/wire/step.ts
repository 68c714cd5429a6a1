import type { GatewayClient } from '#cli/terminal/gateway.client.js';
import type { Surroundings } from '#cli/terminal/surroundings.js';
import type { AssumptionId } from './claims.js';
import type { AssumptionFinding } from './finding.js';
import type { RawUpstream } from './raw-upstream.js';
import type { StepName } from './texts.js';

/** Everything that a step works with. */
export interface StepContext {
  gateway: GatewayClient;
  /** 360dialog itself; null where its key is not at hand. */
  upstream: RawUpstream | null;
  /** Whom the owner allows to be asked and rung: bare digits or a BSUID. */
  to: string | null;
  /** How long the person may take to answer a permission request. */
  waitSeconds: number;
  surroundings: Pick<Surroundings, 'clock' | 'pause'>;
  interruption: AbortSignal;
}

/** One step of the walk: nothing happens before its owner has agreed to it. */
export interface VerificationStep {
  name: StepName;
  ids: readonly AssumptionId[];
  /** What it cannot do without: `wire` is 360dialog itself, `person` somebody who may be rung. */
  needs: 'nothing' | 'upstream' | 'person';
  run(context: StepContext): Promise<AssumptionFinding[]>;
}
