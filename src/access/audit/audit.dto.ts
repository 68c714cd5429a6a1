import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { IsTime } from '#api-conventions/fields.decorator.js';
import { type Page, toPage } from '#api-conventions/list.js';
import { LimitDto } from '#api-conventions/list-query.dto.js';
import { rfc3339 } from '#kernel/clock.js';
import type { AuditEntry, AuditFilter } from './audit.service.js';

/** Which entries of the audit log, and how. */
export class AuditQueryDto extends LimitDto {
  /** The id of the key that acted, also of one that is deleted. */
  @IsOptional()
  @Matches(/^key_[0-9A-Za-z]{1,40}$/)
  key_id?: string;

  /** The action exactly as entries have it, such as `POST /api/keys` or `key.used`. */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  action?: string;

  /** Entries about this business number, or about all. */
  @IsOptional()
  @Matches(/^\d{5,30}$/)
  phone_number_id?: string;

  /** Entries at or after this time. */
  @IsOptional()
  @IsTime()
  since?: string;

  /** Entries before this time. */
  @IsOptional()
  @IsTime()
  until?: string;

  /** `csv` exports every entry that matches; it overrides `Accept`. */
  @IsOptional()
  @IsIn(['json', 'csv'])
  format?: 'json' | 'csv';
}

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

const timeOf = (written: string | undefined): number | undefined => (written === undefined ? undefined : Date.parse(written));

/** The filter of a query. */
export const filterOf = ({ key_id, action, phone_number_id, since, until }: AuditQueryDto): AuditFilter => ({
  ...{ keyId: key_id, action, phoneNumberId: phone_number_id, since: timeOf(since), until: timeOf(until) },
});
