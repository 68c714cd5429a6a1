import type { Settings } from '#config/settings.js';
import type { OwnSettings } from './business-number.js';
import { NumberSettings } from './number-settings.service.js';
import type { NumbersService } from './numbers.service.js';

/** What settings hold for numbers with these of their own; `own` may change meanwhile. */
export function numberSettings(
  gateway: { compliance?: Partial<Settings['compliance']> } & Partial<Pick<Settings, 'permissionPolicy' | 'retentionDays'>>,
  own: Readonly<Record<string, Partial<OwnSettings>>> = {},
): NumberSettings {
  const numbers = {
    byId: (id: string) => (own[id] ? { settings: own[id] } : null),
    ownSettings: async () => Object.entries(own).map(([phoneNumberId, settings]) => ({ phoneNumberId, settings, isRemoved: false })),
  } as unknown as NumbersService;
  return new NumberSettings(numbers, { compliance: {}, ...gateway } as Settings);
}
