import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { EventsModule } from '#events/events.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { InboxModule } from '#inbox/inbox.module.js';
import { NumbersModule } from '#numbers/numbers.module.js';
import { LivePermissionsService } from './live-permissions.service.js';
import { PermissionObserver } from './permission.observer.js';
import { PermissionsController } from './permissions.controller.js';
import { PermissionsService } from './permissions.service.js';
import { PermissionsStore } from './permissions.store.js';

/** May I call this person? */
@Module({
  imports: [AccessModule, NumbersModule, EventsModule, IdentityModule, InboxModule],
  controllers: [PermissionsController],
  providers: [PermissionsStore, LivePermissionsService, PermissionsService, PermissionObserver],
  exports: [PermissionsService],
})
export class PermissionsModule {}
