import { IsIn } from 'class-validator';
import { MayBeLeftOut } from '#api-conventions/fields.decorator.js';

export const DECLARABLE_TIERS = ['TIER_250', 'TIER_2K', 'TIER_10K', 'TIER_100K', 'TIER_UNLIMITED'] as const;
export const VERIFICATIONS = ['verified', 'in_review', 'rejected', 'not_started'] as const;

/** What the owner saw in 360dialog's Hub or in Meta's manager. What is left out, or `null`, stays as it was. */
export class DeclareDto {
  /** The messaging limit of the portfolio. */
  @MayBeLeftOut()
  @IsIn(DECLARABLE_TIERS)
  messaging_limit?: (typeof DECLARABLE_TIERS)[number];

  /** How far Meta's verification of the business has come. */
  @MayBeLeftOut()
  @IsIn(VERIFICATIONS)
  business_verification?: (typeof VERIFICATIONS)[number];
}

/** One declaration of the owner; `observed_at` is the time of the declaration. It is valid for 30 days. */
export class DeclarationDto {
  /** The declared value. */
  value: string;
  /** Always `owner`. */
  source: string;
  /** When the source was read (RFC 3339); `null` when it never was. */
  observed_at: string;
  /** After this it is shown, but no longer valid. */
  stale_at: string;
}

/** The latest declarations of the owner, also those that are no longer valid. */
export class DeclarationsDto {
  /** The messaging limit of the portfolio; `null` is unknown. */
  messaging_limit: DeclarationDto | null;
  /** The declared state of the verification; `null` without a declaration. */
  business_verification: DeclarationDto | null;
  /** The business number, by its id at Meta. */
  phone_number_id: string;
}
