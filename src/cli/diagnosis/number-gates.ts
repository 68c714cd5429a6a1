import type { Health } from '#dialog360/number-reading.js';
import type { ActionReading, PermissionReading } from '#dialog360/permission-reading.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { MINUTE, rfc3339 } from '#kernel/clock.js';
import { type JsonRecord, number, record, text } from '#kernel/read.js';
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
