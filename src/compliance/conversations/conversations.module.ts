import { Module } from '@nestjs/common';
import { InboxModule } from '#inbox/inbox.module.js';
import { ConversationObserver } from './conversation.observer.js';
import { ConversationsService } from './conversations.service.js';
import { ConversationsStore } from './storage/conversations.store.js';

/** Our own counting of conversations. */
@Module({
  imports: [InboxModule],
  providers: [ConversationsStore, ConversationObserver, ConversationsService],
  exports: [ConversationsService],
})
export class ConversationsModule {}
