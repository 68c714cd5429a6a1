import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Settings } from '#config/settings.js';
import { wants } from '#events/event.js';
import { ListenersService } from '#events/listeners.service.js';
import { SubscriptionsStore } from './subscriptions.store.js';

/** Counts the subscriptions that get the event of an inbound call, and those that are paused because of their key. */
@Injectable()
export class SubscribersObserver implements OnModuleInit {
  constructor(
    private readonly subscriptions: SubscriptionsStore,
    private readonly listeners: ListenersService,
    @Inject(Settings) private readonly settings: Pick<Settings, 'graph'>,
  ) {}

  onModuleInit(): void {
    this.listeners.register((phoneNumberId) => this.count(phoneNumberId));
    this.listeners.paused = (phoneNumberId) => this.subscriptions.pausedWithKeys(phoneNumberId);
  }

  /** Scopes do not matter here: the consumer answers the call with a key of its own. */
  async count(phoneNumberId: string): Promise<number> {
    const wishes = await this.subscriptions.wishes();
    // In Meta's format an inbound call is an element of the field `calls`; without the API in Meta's shape there are none.
    const types = ['call.incoming', ...(this.settings.graph.enabled ? (['meta.calls'] as const) : [])] as const;
    const counts = wishes.filter((wish) => types.some((type) => wants(wish, { type, phoneNumberId }))).map(({ count }) => count);
    return counts.reduce((sum, count) => sum + count, 0);
  }
}
