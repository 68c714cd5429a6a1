import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { LifecycleModule } from '#calling/lifecycle/lifecycle.module.js';
import { SoftphoneController } from './softphone.controller.js';

/** What a browser that speaks needs besides the verbs: a lease on its call, STUN and TURN servers. */
@Module({
  imports: [AccessModule, LifecycleModule],
  controllers: [SoftphoneController],
})
export class SoftphoneModule {}
