import type { Language } from '#error-catalogue/catalogue.js';
import { entryOf, fill } from '#error-catalogue/lookup.js';
import { isOpenGate, OPEN_REMEDIES, OPEN_TEXTS } from './texts.js';

export type CheckVerdict = 'pass' | 'fail' | 'unknown' | 'warning';

/** One gate of the diagnosis, as `--json` prints it. */
export interface CliFinding {
  name: string;
  verdict: CheckVerdict;
  /** The direction of the calls it concerns. */
  direction: 'outbound' | 'inbound' | 'both';
  value: string | number | null;
  required: string | number | null;
  /** An error code of the catalogue, when one explains the verdict. */
  code: string | null;
  /** `null` when the gate passes, or nothing more is known. */
  cause: string | null;
  remedy: string | null;
  /** When the verdict changes by itself, if that is known. */
  retry_at: string | null;
}

/** What `diagnose --json` prints. */
export interface DiagnosisReport {
  /**
   * `unreachable`: neither a gateway nor 360dialog answered. `misconfigured` and `unauthorized`: nothing is known to refuse a call, but
   * the gateway does not start with this configuration, or refuses the key of this command.
   */
  verdict: 'fine' | 'blocked' | 'unknown' | 'unreachable' | 'misconfigured' | 'unauthorized';
  /** Why calls are refused, in one sentence. */
  headline: string;
  /** The address of the gateway that was asked; `null` when 360dialog was asked without one. */
  gateway: string | null;
  mode: string | null;
  checked_at: string;
  findings: CliFinding[];
  /** What 360dialog refused in the last 7 days; empty without a gateway, which alone remembers. */
  recent_refusals: RecentRefusal[];
}

/** Refusals of 360dialog with one code and one operation, as the gateway counts them. */
export interface RecentRefusal {
  code: string;
  upstream_code: number | null;
  operation: string | null;
  count: number | null;
  last_at: string | null;
  cause: string | null;
  remedy: string | null;
}

/** What concerns the owner's own set-up: never why Meta or 360dialog refuse a call. */
export const isOfSetup = (name: string): boolean => name === 'configuration' || name === 'gateway';

/** What a check found; outbound alone is never assumed. */
export interface CheckResult {
  findings: CliFinding[];
  /** May the number, and with `--to` the person, be called? */
  outbound: 'available' | 'blocked' | 'unknown';
}

/** A finding with its blanks filled: a code brings its cause and remedy, and so does the name of a gate that stays open. */
export function finding(
  name: string,
  verdict: CheckVerdict,
  language: Language,
  more: Partial<Omit<CliFinding, 'name' | 'verdict'>> = {},
): CliFinding {
  const texts = more.code ? entryOf(more.code)?.[language] : undefined;
  const open = !more.code && (verdict === 'unknown' || verdict === 'warning') && isOpenGate(name) ? name : null;
  return {
    name,
    verdict,
    direction: more.direction ?? 'both',
    value: more.value ?? null,
    required: more.required ?? null,
    code: more.code ?? null,
    cause: more.cause ?? (texts ? fill(texts.detail) : open && OPEN_TEXTS[open][language]),
    remedy: more.remedy ?? (texts ? fill(texts.remedy) : open && OPEN_REMEDIES[open][language]),
    retry_at: more.retry_at ?? null,
  };
}
