import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsBoolean, IsInt, IsOptional, Max, Min } from 'class-validator';
import { invalidField } from '#api-conventions/invalid-field.js';
import { rfc3339 } from '#kernel/clock.js';
import type { RefusedForward } from './refused-forwards.store.js';

/** A delivery of 360dialog that the target refused three times. Nothing of what it says is shown. */
export class RefusedForwardDto {
  /** The gateway's id of the delivery. */
  id: number;
  /** `set_aside`, or `replaying` until it was posted once more. */
  state: 'set_aside' | 'replaying';
  /** When 360dialog delivered it (RFC 3339). */
  received_at: string;
  /** Attempts that failed, replays included. */
  attempts: number;
  /** The HTTP status of the target's last answer; `null` when none came. */
  response_status: number | null;
  /** The first refusal (RFC 3339). */
  first_refused_at: string;
  /** The last attempt that failed (RFC 3339). */
  last_refused_at: string;
}

/** A page of the deliveries that the target refused. */
export class RefusedForwardPageDto {
  /** Oldest first. */
  data: RefusedForwardDto[];
  /** `null` on the last page. */
  next_cursor: string | null;
}

/** Which deliveries are posted once more: `ids`, or `all`. */
export class ReplayForwardsDto {
  /** The ids of 1 to 200 deliveries. */
  @IsOptional()
  @ArrayNotEmpty()
  @ArrayMaxSize(200)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(Number.MAX_SAFE_INTEGER, { each: true })
  ids?: number[];
  /** `true` for every delivery that is set aside. */
  @IsOptional()
  @IsBoolean()
  all?: boolean;
}

/** Which deliveries are posted once more within a second. */
export class ReplayedForwardsDto {
  /** Their ids. */
  replaying: number[];
  /** Ids that are not set aside: forwarded meanwhile, past their retention, or never refused. */
  not_found: number[];
}

/** The ids; null for all. @throws Problem `invalid_request` when neither or both are given */
export function idsOf({ ids, all = false }: ReplayForwardsDto): number[] | null {
  if (all === (ids !== undefined)) throw invalidField('ids', 'must be given, or "all": true', 'se debe indicar, o "all": true');
  return ids ?? null;
}

export const toRefusedForwardDto = (refused: RefusedForward): RefusedForwardDto => ({
  id: refused.id,
  state: refused.state,
  received_at: rfc3339(refused.receivedAt),
  attempts: refused.attempts,
  response_status: refused.status,
  first_refused_at: rfc3339(refused.firstRefusedAt),
  last_refused_at: rfc3339(refused.lastRefusedAt),
});
