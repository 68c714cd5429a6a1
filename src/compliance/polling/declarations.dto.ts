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

export class DeclarationDto {
  value: string;
  /** Always `owner`. */
  source: string;
  observed_at: string;
  /** After this it is shown, but no longer valid. */
  stale_at: string;
}

export class DeclarationsDto {
  messaging_limit: DeclarationDto | null;
  business_verification: DeclarationDto | null;
  phone_number_id: string;
}
