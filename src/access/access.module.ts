import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule, DiscoveryService, Reflector } from '@nestjs/core';
import { AuditModule } from '#audit/audit.module.js';
import { AccessGuard, assertEveryRouteHasScope } from './access.guard.js';
import { ApiKeysController } from './api-keys.controller.js';
import { ApiKeysService } from './api-keys.service.js';
import { ApiKeysStore } from './api-keys.store.js';
import { IdempotencyService } from './idempotency.service.js';
import { IdempotencyStore } from './idempotency.store.js';
import { PrincipalsService } from './sessions/principals.service.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { SessionsService } from './sessions/sessions.service.js';
import { SessionsStore } from './sessions/sessions.store.js';
import { TokensController } from './sessions/tokens.controller.js';

/** Who may call, and one execution per `Idempotency-Key`. Takes `ProblemRenderer` from a global module. */
@Module({
  imports: [DiscoveryModule, AuditModule],
  controllers: [ApiKeysController, SessionsController, TokensController],
  providers: [
    ApiKeysStore,
    ApiKeysService,
    SessionsStore,
    SessionsService,
    PrincipalsService,
    IdempotencyStore,
    IdempotencyService,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [ApiKeysService, PrincipalsService, IdempotencyService],
})
export class AccessModule implements OnModuleInit {
  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    assertEveryRouteHasScope(this.discovery, this.reflector);
  }
}
