/** The state of this process. The state of 360dialog does not count. */
export class HealthDto {
  /** `ok`, or why no request should come: `draining`, `store_unavailable`; `waiting_for_migration` until `npm run migrate` has been run. */
  status: 'ok' | 'draining' | 'store_unavailable' | 'waiting_for_migration';
}

/** Deliveries on their way to `WEBHOOK_FORWARD_URL`, as read within the last 10 s. */
export class ForwardHealthDto {
  /** Since the oldest delivery that waits was received, in seconds; 0 when none waits. */
  oldest_age_seconds: number;
  /** Deliveries that the target refused for good. */
  set_aside: number;
}

/** The order of events on Postgres, where several replicas write them. */
export class EventHealthDto {
  /** Whether notifications of other replicas arrive; without them this process looks for their events ten times a second. */
  notifications: 'up' | 'down';
  /** For how long a transaction has held up all later events or deliveries, in seconds; 0 when none has for a second. */
  held_seconds: number;
  /** The session of Postgres that does; `null` when none does, or when it is a prepared transaction. */
  held_by_pid: number | null;
}

/** The readiness of this process. Forwarding and events inform, and make no process unready. */
export class ReadinessDto extends HealthDto {
  /** `null` without forwarding, and until it was read. */
  forwarding: ForwardHealthDto | null;
  /** `null` on SQLite. */
  events: EventHealthDto | null;
}
