import { invalidField } from '#api-conventions/invalid-field.js';
import type { Problem } from '#kernel/problem.js';
import type { ApiKeyRecord } from './api-keys.store.js';
import type { WantedNumbers } from './key-numbers.service.js';
import type { KeyLimits } from './limits/key-limits.js';

/** A change of a key; what is undefined stays. */
export interface KeyChange {
  numbers?: WantedNumbers;
  limits?: KeyLimits | null | undefined;
  suspended?: boolean | undefined;
}

type Changed = Pick<ApiKeyRecord, 'source' | 'limits'>;

/** Why a change is not made of a key, or by one; null when it may be made. @param by the key that makes it; null for one that is gone */
export function refusalOfChange(of: Changed, by: Changed | null, change: KeyChange): Problem | null {
  const member = (['numbers', 'limits', 'suspended'] as const).find((name) => change[name] !== undefined);
  if (member === undefined)
    return invalidField('numbers', 'must be given, or limits, or suspended', 'es obligatorio, o bien limits, o bien suspended');
  if (of.source === 'environment') {
    return invalidField(
      member,
      'the key that API_KEY sets reaches every number and has no limits; make another key, or set another API_KEY',
      'la clave que define API_KEY alcanza todos los números y no tiene límites; cree otra clave o defina otra API_KEY',
    );
  }
  return change.limits !== undefined && by?.limits ? ofLimited('limits') : null;
}

/** The refusal for a key with limits, which passes none on: with other keys it would have them many times. */
export const ofLimited = (field: 'limits' | 'scopes'): Problem =>
  invalidField(
    field,
    'your key has limits: it changes no limits and makes no key with calls:dial or permissions:ask',
    'su clave tiene límites: no cambia límites ni crea claves con calls:dial o permissions:ask',
  );
