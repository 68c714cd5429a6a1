import { Module } from '@nestjs/common';
import { NumberRegistryModule } from '#identity/numbers/number-registry.module.js';
import { InboxModule } from '#inbox/inbox.module.js';
import { ConversationObserver } from './conversation.observer.js';
import { ConversationsService } from './conversations.service.js';
import { ConversationsStore } from './storage/conversations.store.js';

/** Our own counting of conversations. */
@Module({
  imports: [InboxModule, NumberRegistryModule],
  providers: [ConversationsStore, ConversationObserver, ConversationsService],
  exports: [ConversationsService],
})
export class ConversationsModule {}
