import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';
import { HealthStore } from './health.store.js';

/** Is it alive, is it ready, and how is it doing? */
@Module({ controllers: [HealthController], providers: [HealthStore, HealthService], exports: [HealthService] })
export class HealthModule {}
