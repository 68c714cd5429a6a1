import { DAY } from '#kernel/clock.js';
import type { Problem } from '#kernel/problem.js';

/** The partner as a test wants it: its figures, how it fails, and a promise that its answer waits for. */
export class FakePartner {
  configured = true;
  own = { clientId: 'client1', channelId: 'c' };
  asked = 0;
  perDay = 20;
  phoneNumber: string | null = null;
  failure: Problem | null = null;
  door: Promise<void> = Promise.resolve();

  async readUsage(_clientId: string, from: number, until: number) {
    this.asked += 1;
    await this.door;
    if (this.failure) throw this.failure;
    const days = [];
    for (let at = from; at <= until; at += DAY) {
      days.push({ date: new Date(at).toISOString().slice(0, 10), businessInitiated: this.perDay, total: this.perDay + 5 });
    }
    return { days, balance: { amount: 12.5, currency: 'USD' } };
  }

  async readChannel() {
    return { id: 'c', clientId: 'client1', currentLimit: 'TIER_250', onBusinessApp: null, phoneNumber: this.phoneNumber };
  }
}
