import type { Health } from '#dialog360/number-reading.js';
import type { ActionReading, PermissionReading } from '#dialog360/permission-reading.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { outdatedRules } from '#error-catalogue/upstream-rules.js';
import { MINUTE, rfc3339 } from '#kernel/clock.js';
import { bool, type JsonRecord, number, record, text } from '#kernel/read.js';
import { callHoursOf, isOpen } from './call-hours.js';
import { type CliFinding, finding } from './finding.js';
import { sayDiagnosis } from './texts.js';

/** Settings that inform without ruling out a call. */
export function settingsGates(calling: JsonRecord, now: number, language: Language): CliFinding[] {
  const hours = callHoursOf(calling);
  const closed = isOpen(hours, now) === false;
  return [
    callbackGate(text(calling.callback_permission_status) ?? null, language),
    finding('call_hours', closed ? 'warning' : 'pass', language, {
      direction: 'inbound',
      value: text(hours.status) ?? 'DISABLED',
      ...(closed ? { cause: sayDiagnosis('hours_closed', language), remedy: sayDiagnosis('hours_remedy', language) } : {}),
    }),
  ];
}

export function callbackGate(value: string | null, language: Language): CliFinding {
  if (value === null) return finding('callback_permission', 'unknown', language);
  if (value.toUpperCase() === 'ENABLED') return finding('callback_permission', 'pass', language, { value });
  const words = { cause: sayDiagnosis('callback_off', language), remedy: sayDiagnosis('callback_remedy', language) };
  return finding('callback_permission', 'warning', language, { value, ...words });
}

/** @param status `AVAILABLE`, `LIMITED` or `BLOCKED`; `details` is what Meta says about it */
export function healthGate(status: string | null, language: Language, details = '', solution: string | null = null): CliFinding {
  if (status === null) return finding('health', 'unknown', language);
  if (status === 'AVAILABLE') return finding('health', 'pass', language, { value: status });
  const cause = sayDiagnosis('health_cause', language, { value: status, details }).trim();
  const remedy = solution ?? sayDiagnosis('health_remedy', language);
  return finding('health', status === 'BLOCKED' ? 'fail' : 'warning', language, { value: status, cause, remedy });
}

/** How long a delivery may wait to be forwarded before it is worth a word, as the alert `ForwardBacklog` has it. */
const FORWARD_WAIT_MS = 2 * MINUTE;

/** Forwarding to the former webhook; none when nothing is forwarded, and from an older gateway. */
export function forwardingGates(status: JsonRecord, now: number, language: Language): CliFinding[] {
  const forwarding = record(status.forwarding);
  if (!forwarding) return [];
  const value = number(forwarding.set_aside) ?? null;
  const oldest = Date.parse(text(forwarding.oldest_received_at) ?? '');
  const target = text(forwarding.target) ?? '';
  if (value !== null && value > 0) {
    const words = {
      cause: sayDiagnosis('forwards_set_aside', language, { target }),
      remedy: sayDiagnosis('forwards_set_aside_remedy', language),
    };
    return [finding('forwarding', 'warning', language, { value, required: 0, ...words })];
  }
  if (now - oldest > FORWARD_WAIT_MS) {
    const words = {
      cause: sayDiagnosis('forwards_wait', language, { target, at: text(forwarding.oldest_received_at) ?? '' }),
      remedy: sayDiagnosis('forwards_wait_remedy', language),
    };
    return [finding('forwarding', 'warning', language, { value: number(forwarding.pending) ?? null, required: 0, ...words })];
  }
  return [finding('forwarding', value === null ? 'unknown' : 'pass', language, { value: target })];
}

/** The same from the whole reading, with the words of Meta about each entity. */
export function healthReadingGate({ canSendMessage, entities }: Health, language: Language): CliFinding {
  const errors = entities.flatMap((entity) => entity.errors.map((error) => ({ ...error, type: entity.type })));
  const details = errors.map(({ type, code, description }) => [type, code, description].filter(Boolean).join(' ')).join('; ');
  return healthGate(canSendMessage, language, details, errors.find(({ solution }) => solution !== null)?.solution ?? null);
}

/** Whether 360dialog signs deliveries, and whether the signatures fit; undefined where an older gateway tells nothing. */
export function signatureGate(seen: JsonRecord | undefined, language: Language): CliFinding {
  const [signed, refused] = [text(seen?.last_signed_at) ?? '', text(seen?.last_refused_at) ?? ''];
  const header = bool(seen?.header_seen);
  const about = {
    direction: 'inbound',
    value: header === undefined ? null : sayDiagnosis(header ? 'signed' : 'unsigned', language),
  } as const;
  const warning = (cause: 'signature_unused' | 'signature_observed', remedy: 'signature_secret' | 'signature_require') =>
    finding('webhook_signature', 'warning', language, {
      ...about,
      cause: sayDiagnosis(cause, language),
      remedy: sayDiagnosis(remedy, language),
    });
  if (header === undefined) return finding('webhook_signature', 'unknown', language, about);
  if (text(seen?.mode) === 'off')
    return header ? warning('signature_unused', 'signature_secret') : finding('webhook_signature', 'pass', language, about);
  // Equal times: both came within one millisecond, and the counts do not say in which order.
  if (refused === '' || refused < signed) return finding('webhook_signature', 'pass', language, about);
  if (text(seen?.mode) === 'observe') return warning('signature_observed', 'signature_require');
  const code = header ? 'webhook_signature_invalid' : 'webhook_signature_missing';
  return finding('webhook_signature', 'fail', language, { ...about, code });
}

/** Whether the rules that this version applies were checked of late; it informs and rules out no call. */
export function rulesGate(now: number, language: Language): CliFinding {
  const outdated = outdatedRules(now);
  if (outdated.length === 0) return finding('rules', 'pass', language);
  const words = {
    cause: sayDiagnosis('rules_old', language, { names: outdated.join(', ') }),
    remedy: sayDiagnosis('rules_remedy', language),
  };
  return finding('rules', 'warning', language, { value: outdated.length, required: 0, ...words });
}

/** What one user allows, as Meta reports it. A missing permission blocks only when it may not be asked for. */
export function permissionGate({ status, ask, call }: PermissionReading, language: Language): CliFinding {
  const seen = { direction: 'outbound', value: status } as const;
  if (status === 'unknown') return finding('permission', 'unknown', language, seen);
  if (status === 'no_permission') {
    if (ask?.canPerform !== false) return finding('permission', 'warning', language, { ...seen, code: 'permission_required' });
    return finding('permission', 'fail', language, { ...seen, code: 'permission_request_limit_reached', retry_at: freesAt(ask) });
  }
  if (call?.canPerform === false)
    return finding('permission', 'fail', language, { ...seen, code: 'call_limit_reached', retry_at: freesAt(call) });
  return finding('permission', 'pass', language, seen);
}

/** When the last of the exhausted limits frees again. */
const freesAt = ({ limits }: ActionReading): string | null => {
  const times = limits.flatMap(({ expiresAt }) => expiresAt ?? []);
  return times.length === 0 ? null : rfc3339(Math.max(...times));
};
