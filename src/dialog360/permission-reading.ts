import { bool, type JsonRecord, number, record, records, text, unixTime } from '#kernel/read.js';

/** One limit on an action, as Meta counts it. */
export interface LimitReading {
  /** ISO 8601, such as `PT24H` or `P7D`. */
  period: string | null;
  maxAllowed: number | null;
  used: number | null;
  /** When the limit ends; Meta gives it only after the limit was reached. */
  expiresAt: number | null;
}

/** Whether an action may be done now; Meta has already weighed all limits. */
export interface ActionReading {
  canPerform: boolean | null;
  limits: LimitReading[];
}

/** What Meta says about calls to one user at this moment. */
export interface PermissionReading {
  /** `no_permission` means never given, expired or revoked; Meta does not distinguish them. */
  status: 'no_permission' | 'temporary' | 'permanent' | 'unknown';
  /** Null for a permanent permission, and when Meta gave no time. */
  expiresAt: number | null;
  /** `send_call_permission_request`. */
  ask: ActionReading | null;
  /** `start_call`: a call that gets picked up. */
  call: ActionReading | null;
}

/**
 * Reads the answer of `GET /calling/permissions/{user}`; undefined when it says nothing about permissions.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/user-call-permissions (2026-06-26)
 */
export function readPermissionAnswer(body: JsonRecord): PermissionReading | undefined {
  const permission = record(body.permission);
  if (!permission && !Array.isArray(body.actions)) return undefined;
  const status = text(permission?.status)?.toLowerCase();
  const actions = records(body.actions);
  return {
    status: status === 'no_permission' || status === 'temporary' || status === 'permanent' ? status : 'unknown',
    // The table of the page says `expiration`, every sample of it `expiration_time`.
    expiresAt: unixTime(permission?.expiration_time) ?? unixTime(permission?.expiration) ?? null,
    ask: readAction(actions, 'send_call_permission_request'),
    call: readAction(actions, 'start_call'),
  };
}

function readAction(actions: JsonRecord[], name: string): ActionReading | null {
  const action = actions.find((item) => text(item.action_name)?.toLowerCase() === name);
  if (!action) return null;
  const limits = records(action.limits).map((limit) => ({
    period: text(limit.time_period) ?? null,
    maxAllowed: number(limit.max_allowed) ?? null,
    used: number(limit.current_usage) ?? null,
    expiresAt: unixTime(limit.limit_expiration_time) ?? null,
  }));
  return { canPerform: bool(action.can_perform_action) ?? null, limits };
}
