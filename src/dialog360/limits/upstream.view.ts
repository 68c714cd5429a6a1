import { rfc3339 } from '#kernel/clock.js';
import type { CircuitStateName } from './circuit-breaker.service.js';
import type { UpstreamLoad } from './request-limits.service.js';

/** What this process sends to 360dialog at present; other replicas have their own. */
export class UpstreamView {
  /** `closed`: requests are sent. `open`: after failures in a row only ends of calls are. `half_open`: one request is sent to find out. */
  circuit: CircuitStateName;
  /** Since when the circuit is in this state (RFC 3339). */
  since: string;
  /** When the next request may be sent (RFC 3339); `null` unless the circuit is open. */
  retry_at: string | null;
  /** Requests under way; 32 at most. */
  under_way: number;
  /** Requests that wait until another ends. */
  waiting: number;
}

export const toUpstreamView = ({ circuit, since, retryAt, underWay, waiting }: UpstreamLoad): UpstreamView => ({
  circuit,
  since: rfc3339(since),
  retry_at: rfc3339(retryAt),
  under_way: underWay,
  waiting,
});
