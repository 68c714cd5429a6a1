import type { Limit } from '#calling/permissions/limits.js';
import type { PermissionVerdict } from '#calling/permissions/permission.js';
import { type Ledger, numberRefusal } from '#calling/permissions/permissions.service.js';
import { SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';

/** The answer of `GET /{phone_number_id}/call_permissions`. */
export interface GraphPermission {
  messaging_product: 'whatsapp';
  /** `expiration_time` in seconds since 1970, of a temporary permission alone. */
  permission: { status: 'no_permission' | 'temporary' | 'permanent'; expiration_time?: number };
  /** Of each action only what is known. */
  actions: GraphAction[];
}

interface GraphAction {
  action_name: 'send_call_permission_request' | 'start_call';
  can_perform_action: boolean;
  limits: GraphLimit[];
}

interface GraphLimit {
  /** ISO 8601, such as `PT24H`. */
  time_period: string;
  max_allowed: number;
  current_usage: number;
  /** In seconds since 1970, of a limit that is reached. */
  limit_expiration_time?: number;
}

/**
 * The ledger in Meta's shape, which has no word for what is unknown: an unknown action or limit is left out.
 * @throws Problem why the permission itself is unknown, or the refusal of the number, such as `calling_disabled`
 */
export function toGraphPermission(ledger: Ledger): GraphPermission {
  const { status, expiresAt } = ledger.permission;
  const refusal = numberRefusal(ledger);
  if (refusal) throw refusal;
  if (status === 'unknown') throw ledger.unreadable ?? new Problem('upstream_unavailable');
  return {
    messaging_product: 'whatsapp',
    permission: { status, ...(status === 'temporary' && expiresAt !== null ? { expiration_time: seconds(expiresAt) } : {}) },
    actions: [
      ...actionOf('send_call_permission_request', ledger.ask, limitsOf(ledger, 'ask')),
      ...actionOf('start_call', ledger.call, limitsOf(ledger, 'call')),
    ],
  };
}

const limitsOf = ({ limits }: Ledger, action: Limit['action']): GraphLimit[] =>
  limits.filter((one) => one.action === action).flatMap(toLimit);

const actionOf = (name: GraphAction['action_name'], { verdict }: PermissionVerdict, limits: GraphLimit[]): GraphAction[] =>
  verdict === 'unknown' ? [] : [{ action_name: name, can_perform_action: verdict === 'pass', limits }];

function toLimit({ period, maxAllowed, used, freesAt }: Limit): GraphLimit[] {
  if (period === null || maxAllowed === null || used === null) return [];
  const reached = used >= maxAllowed && freesAt !== null;
  return [
    {
      time_period: period,
      max_allowed: maxAllowed,
      current_usage: used,
      ...(reached ? { limit_expiration_time: seconds(freesAt) } : {}),
    },
  ];
}

const seconds = (at: number): number => Math.floor(at / SECOND);
