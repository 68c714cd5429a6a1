import type { Settings } from '#config/settings.js';
import type { OwnSettings } from './business-number.js';
import type { NumberCache } from './number-cache.service.js';
import { SettingsOfNumbers } from './number-settings.service.js';

/** What settings hold for numbers with these of their own; `own` may change meanwhile. */
export function numberSettings(
  gateway: { compliance?: Partial<Settings['compliance']> } & Partial<Pick<Settings, 'permissionPolicy' | 'retentionDays'>>,
  own: Readonly<Record<string, Partial<OwnSettings>>> = {},
): SettingsOfNumbers {
  const numbers = {
    numbers: { get: (id: string) => (own[id] ? { settings: own[id] } : undefined) },
    ownSettings: async () =>
      Object.entries(own).map(([phoneNumberId, settings]) => ({ phoneNumberId, settings: JSON.stringify(settings), isRemoved: false })),
  } as unknown as NumberCache;
  return new SettingsOfNumbers(numbers, { compliance: {}, ...gateway } as Settings);
}
