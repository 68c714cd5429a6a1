import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { LifecycleModule } from '#calling/lifecycle/lifecycle.module.js';
import { SoftphoneController } from './softphone.controller.js';

/** The softphone's needs besides the verbs: the lease of a call, STUN and TURN servers. */
@Module({
  imports: [AccessModule, LifecycleModule],
  controllers: [SoftphoneController],
})
export class SoftphoneModule {}
