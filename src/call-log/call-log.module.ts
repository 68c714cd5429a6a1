import { Module } from '@nestjs/common';
import { CallModule } from '#call/call.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { CallLogController } from './call-log.controller.js';

/** Reading the calls. */
@Module({ imports: [CallModule, IdentityModule], controllers: [CallLogController] })
export class CallLogModule {}
