import { Global, Module } from '@nestjs/common';
import { SealAtStartService } from './seal-at-start.service.js';
import { SecretsService } from './secrets.service.js';

/** Seals secrets at rest. */
@Global()
@Module({ providers: [SecretsService, SealAtStartService], exports: [SecretsService] })
export class SecretsModule {}
