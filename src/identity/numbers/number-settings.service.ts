import { Injectable } from '@nestjs/common';
import { Settings } from '#config/settings.js';
import { readOwnSettings } from './business-number.js';
import { NumberCache } from './number-cache.service.js';

/** The settings that hold for a number: its own, else the gateway's. */
export interface SettingsInForce {
  /** An IANA time zone: that of the number's days, and of its schedules. */
  timeZone: string;
  pollCron: string;
  reportCron: string;
  permissionPolicy: Settings['permissionPolicy'];
  requiredConversations: number;
  /** The gateway's: the window of the requirement is the same for all. */
  windowDays: number;
}

/** A number whose rows are kept for a time of its own. */
export interface OwnRetention {
  phoneNumberId: string;
  days: number;
  /** It was removed, and nothing is derived from its rows any more. */
  isRemoved: boolean;
}

/** Which settings hold for each number. It looks at the number each time, so that a change holds as soon as the number has it. */
@Injectable()
export class SettingsOfNumbers {
  constructor(
    private readonly numbers: NumberCache,
    private readonly settings: Settings,
  ) {}

  /** Those of a number; of one that is not ours, or not any more, the gateway's. */
  of(phoneNumberId: string): SettingsInForce {
    const { compliance, permissionPolicy } = this.settings;
    const own = this.numbers.numbers.get(phoneNumberId)?.settings;
    return {
      timeZone: own?.time_zone ?? compliance.timeZone,
      pollCron: own?.poll_cron ?? compliance.pollCron,
      reportCron: own?.report_cron ?? compliance.reportCron,
      permissionPolicy: own?.permission_policy ?? permissionPolicy,
      requiredConversations: own?.required_conversations ?? compliance.requiredConversations,
      windowDays: compliance.windowDays,
    };
  }

  /** The numbers with a retention of their own, and those that were removed. @throws a fault of the store */
  async ownRetentions(): Promise<OwnRetention[]> {
    const all = await this.numbers.ownSettings();
    return all.flatMap(({ phoneNumberId, settings, isRemoved }) => {
      const days = readOwnSettings(settings).retention_days ?? (isRemoved ? this.settings.retentionDays : null);
      return days === null ? [] : [{ phoneNumberId, days, isRemoved }];
    });
  }
}
