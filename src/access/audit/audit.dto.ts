import { type Page, toPage } from '#api-conventions/list.js';
import { LimitDto } from '#api-conventions/list-query.dto.js';
import { rfc3339 } from '#kernel/clock.js';
import type { AuditEntry } from './audit.service.js';

export class AuditQueryDto extends LimitDto {}

/** Something that was done with a key. */
export class AuditEntryDto {
  id: number;
  at: string;
  /** The method and the route with the names of its parameters, such as `DELETE /api/users/:user`, or `key.used`: the first use of a day. */
  action: string;
  key_id: string;
  /** The session or browser token that stood for the key; null for the key itself. */
  operator_id: string | null;
  /** The gateway's own id of what it was done to. Never a number: who was erased is not told. */
  target: string | null;
  /** The HTTP status of the answer; null when there was none, and for `key.used`. */
  status: number | null;
  /** `X-Request-Id` of the answer. */
  request_id: string | null;
}

export class AuditPageDto {
  data: AuditEntryDto[];
  /** `null` on the last page. */
  next_cursor: string | null;
}

/** `found` may hold one entry more than `limit`. */
export const toAuditPage = (found: readonly AuditEntry[], limit: number): Page<AuditEntryDto> =>
  toPage(
    found,
    limit,
    ({ id }) => [id],
    ({ keyId, operatorId, requestId, at, id, action, target, status }) => ({
      id,
      at: rfc3339(at),
      action,
      key_id: keyId,
      operator_id: operatorId,
      target,
      status,
      request_id: requestId,
    }),
  );
