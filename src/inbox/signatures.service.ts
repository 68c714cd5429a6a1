import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Settings } from '#config/settings.js';
import type { OurNumber } from '#identity/numbers/our-number.js';
import { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { Metrics } from '#telemetry/metrics.js';

/** The header of 360dialog's signature: hex HMAC-SHA256 of the raw body. */
export const SIGNATURE_HEADER = 'x-360dialog-signature';

/** What this process has seen of signatures since it started. Times in ms since 1970. */
export interface SeenSignatures {
  /** `off` without a secret: signatures are noticed and not checked. */
  mode: 'off' | 'require' | 'observe';
  since: number;
  /** Whether the newest delivery with the right token carried the header; null before any. */
  headerSeen: boolean | null;
  /** The newest delivery whose signature was right, or was not checked. */
  lastSignedAt: number | null;
  /** The newest delivery without a right signature, while there is a secret. */
  lastRefusedAt: number | null;
  /** Deliveries without the header: refused while it is required. */
  unsigned: number;
  /** Deliveries with a signature that does not fit: refused while it is required. */
  invalid: number;
}

const NOTHING = { headerSeen: null, lastSignedAt: null, lastRefusedAt: null, unsigned: 0, invalid: 0 } as const;

/**
 * Proves the signature of deliveries where its secret is set. The registered token stays the base: whoever lacks it never comes here.
 * @see https://docs.360dialog.com partner webhooks, signature validation, and Meta Business Agent, webhooks (read on 2026-11-28)
 */
@Injectable()
export class SignaturesService {
  readonly #seen: SeenSignatures;

  constructor(
    @Inject(Settings) private readonly settings: Pick<Settings, 'webhookSignature'>,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {
    const { secret, mode } = settings.webhookSignature;
    this.#seen = { mode: secret === null ? 'off' : mode, since: clock.now(), ...NOTHING };
  }

  /** What was seen of the deliveries of a number. Signatures are looked at for the number of the environment alone. */
  seenOf({ source = 'environment' }: Pick<OurNumber, 'source'>): Readonly<SeenSignatures> {
    return source === 'environment' ? this.#seen : { mode: 'off', since: this.#seen.since, ...NOTHING };
  }

  /** Refuses a delivery without the header before its body is read. @throws Problem `webhook_signature_missing` */
  requireHeader(header: unknown): void {
    if (this.#seen.mode === 'require' && signatureIn(header) === '') throw this.#refused('missing');
  }

  /**
   * Proves the signature of a body, or only counts what it would have refused.
   * @param forms the body in each form that may be signed: its content, and with a content encoding also the bytes as they came
   * @throws Problem `webhook_signature_missing` or `webhook_signature_invalid`
   */
  prove(header: unknown, forms: readonly Uint8Array[]): void {
    const result = this.#judge(signatureIn(header), forms);
    if (this.#seen.mode === 'require' && (result === 'missing' || result === 'invalid')) throw this.#refused(result);
    this.#note(result);
  }

  #judge(given: string, forms: readonly Uint8Array[]): 'missing' | 'invalid' | 'valid' | 'unchecked' {
    const { secret } = this.settings.webhookSignature;
    if (given === '') return 'missing';
    if (secret === null) return 'unchecked';
    return fits(given, forms, secret.reveal()) ? 'valid' : 'invalid';
  }

  #refused(result: 'missing' | 'invalid'): Problem {
    this.#note(result);
    this.metrics.webhooks.inc({ result: `signature_${result}` });
    return new Problem(`webhook_signature_${result}`);
  }

  #note(result: 'missing' | 'invalid' | 'valid' | 'unchecked'): void {
    this.metrics.signatures.inc({ result });
    this.#seen.headerSeen = result !== 'missing';
    if (result === 'missing') this.#seen.unsigned += 1;
    if (result === 'invalid') this.#seen.invalid += 1;
    const isSigned = result === 'valid' || result === 'unchecked';
    if (isSigned) this.#seen.lastSignedAt = this.clock.now();
    else if (this.#seen.mode !== 'off') this.#seen.lastRefusedAt = this.clock.now();
  }
}

const signatureIn = (header: unknown): string => (typeof header === 'string' ? header.trim() : '');

/** Compares every form in full, so that the response time tells nothing of the right signature. */
function fits(given: string, forms: readonly Uint8Array[], secret: string): boolean {
  const hex = /^(?:sha256=)?([\da-f]{64})$/i.exec(given)?.[1];
  if (hex === undefined) return false;
  const signature = Buffer.from(hex, 'hex');
  const found = forms.map((form) => timingSafeEqual(createHmac('sha256', secret).update(form).digest(), signature));
  return found.includes(true);
}
