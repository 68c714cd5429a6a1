import { Module } from '@nestjs/common';
import { Dialog360Module } from '#dialog360/dialog360.module.js';
import { EventsModule } from '#events/events.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { InboxModule } from '#inbox/inbox.module.js';
import { PermissionObserver } from './permission.observer.js';
import { PermissionsService } from './permissions.service.js';
import { PermissionsStore } from './permissions.store.js';

/** May I call this person? */
@Module({
  imports: [Dialog360Module, EventsModule, IdentityModule, InboxModule],
  providers: [PermissionsStore, PermissionsService, PermissionObserver],
  exports: [PermissionsService],
})
export class PermissionsModule {}
