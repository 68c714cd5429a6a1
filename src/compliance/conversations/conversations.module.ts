import { Module } from '@nestjs/common';
import { NumberRegistryModule } from '#identity/numbers/number-registry.module.js';
import { InboxModule } from '#inbox/inbox.module.js';
import { ConversationObserver } from './conversation.observer.js';
import { ConversationsService } from './conversations.service.js';
import { ConversationsStore } from './storage/conversations.store.js';
import { LimitUsageService } from './usage/limit-usage.service.js';

/** Our own counting of conversations. */
@Module({
  imports: [InboxModule, NumberRegistryModule],
  providers: [LimitUsageService, ConversationsStore, ConversationObserver, ConversationsService],
  exports: [LimitUsageService, ConversationsService],
})
export class ConversationsModule {}
