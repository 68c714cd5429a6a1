import { IsIn, IsOptional } from 'class-validator';
import { UserInputDto } from '#api-conventions/user-input.dto.js';
import { AddressedUserDto, toUserDto } from '#calling/permissions/user.view.js';
import { gateFields } from '#compliance/eligibility/gates/gate.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { textOf } from '#error-catalogue/lookup.js';
import type { Callee } from '#identity/callees.service.js';
import { rfc3339 } from '#kernel/clock.js';
import type { Preflight, PreflightGate } from './preflight.js';

/** The user, and how the call would be made. */
export class PreflightQueryDto extends UserInputDto {
  /** `false` if make-call would be sent without an offer. Default `true`. */
  @IsOptional()
  @IsIn(['true', 'false'])
  session?: 'true' | 'false';

  /** `true` if a template would be sent along for asking. Default `false`. */
  @IsOptional()
  @IsIn(['true', 'false'])
  template?: 'true' | 'false';
}

/** One condition of a call, with its evidence. */
export class PreflightGateDto {
  /** Such as `permission`. */
  name: string;
  /** Only `fail` blocks; `unknown` never does. */
  verdict: 'pass' | 'fail' | 'unknown' | 'warning';
  /** The value found; `null` when unknown. */
  value: string | number | null;
  /** What it must be; `null` when nothing is required of it now. */
  required: string | number | null;
  /** The source of the value. */
  source: string | null;
  /** When that was observed. */
  observed_at: string | null;
  /** The error code of the catalogue that belongs to the verdict. */
  code: string | null;
  /** What to do next. */
  remedy: string | null;
  /** When the verdict changes by itself, if that is known. */
  earliest_at: string | null;
}

/** Whether this person may be called now. */
export class PreflightDto {
  /** `available` is proven, `blocked` has a failing gate, everything between is `unknown` and may be tried. */
  verdict: 'available' | 'blocked' | 'unknown';
  /** What make-call would do now: dial, wait for an offer, ask the user first, or refuse. */
  next_step: 'dial' | 'wait' | 'ask' | 'refuse';
  /** The error code with which a dial is refused now. */
  code: string | null;
  /** What to do next. */
  remedy: string | null;
  /** The earliest moment of a retry, if it is known. */
  earliest_at: string | null;
  /** The user as the query names them. */
  user: AddressedUserDto;
  /** The business number. */
  phone_number_id: string;
  /** Every gate, in the order in which a failing one answers. */
  gates: PreflightGateDto[];
  /** When the gates were checked. */
  checked_at: string;
}

/** The public preflight. */
export function toPreflightDto(input: string, { number, person }: Callee, found: Preflight, now: number, language: Language): PreflightDto {
  return {
    verdict: found.verdict,
    next_step: found.step,
    code: found.code,
    remedy: textOf(found.code, 'remedy', language),
    earliest_at: rfc3339(found.earliestAt),
    user: toUserDto(person, input),
    phone_number_id: number.phoneNumberId,
    gates: found.gates.map((gate) => toGateDto(gate, language)),
    checked_at: rfc3339(now),
  };
}

const toGateDto = (gate: PreflightGate, language: Language): PreflightGateDto => ({
  ...gateFields(gate),
  remedy: textOf(gate.code, 'remedy', language),
  earliest_at: rfc3339(gate.retryAt),
});
