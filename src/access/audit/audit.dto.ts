import { type Page, toPage } from '#api-conventions/list.js';
import { rfc3339 } from '#kernel/clock.js';
import type { AuditEntry } from './audit.service.js';

/** One administrative request or export, with the key that made it. */
export class AuditEntryDto {
  /** Rises with time; not consecutive. */
  id: number;
  /** When the request arrived. */
  at: string;
  /** The method and the route with the names of its parameters, such as `DELETE /api/users/:user`, or `key.used`: the first use of a day. */
  action: string;
  /** The id of the API key. */
  key_id: string;
  /** The session or browser token that the request used; null when it used the key itself. */
  operator_id: string | null;
  /** The gateway's own id of the object that the request changed; never a phone number or a BSUID, so an erased user is not named. */
  target: string | null;
  /** The HTTP status of the answer; null when there was none, and for `key.used`. */
  status: number | null;
  /** The ids of the numbers that it is about; null for all. */
  numbers: string[] | null;
  /** `X-Request-Id` of the answer. */
  request_id: string | null;
}

/** A page of the audit log. */
export class AuditPageDto {
  /** Newest first. */
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
    (entry) => ({ ...entry, numbers: entry.numbers && [...entry.numbers], at: rfc3339(entry.at) }),
  );
