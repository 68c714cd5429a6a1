import { Module, type OnModuleInit } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AuditModule } from '#access/audit/audit.module.js';
import { HeaderGates } from '#access/authorization/header-gates.service.js';
import { IdempotencyService } from '#access/idempotency/idempotency.service.js';
import { IdempotencyStore } from '#access/idempotency/idempotency.store.js';
import { ApiKeysController } from '#access/keys/api-keys.controller.js';
import { ApiKeysService } from '#access/keys/api-keys.service.js';
import { ApiKeysStore } from '#access/keys/api-keys.store.js';
import { KEY_NUMBERS } from '#access/keys/key-holdings.js';
import { KeyNumbersService } from '#access/keys/key-numbers.service.js';
import { KeyBudgetsService } from '#access/keys/limits/key-budgets.service.js';
import { KeyBudgetsStore } from '#access/keys/limits/key-budgets.store.js';
import { PinningService } from '#access/keys/pinning.service.js';
import { CredentialLookupService } from '#access/sessions/credential-lookup.service.js';
import { PrincipalsService } from '#access/sessions/principals.service.js';
import { SessionsController } from '#access/sessions/sessions.controller.js';
import { SessionsService } from '#access/sessions/sessions.service.js';
import { SessionsStore } from '#access/sessions/sessions.store.js';
import { TokensController } from '#access/sessions/tokens.controller.js';
import { NumberRegistryModule } from '#identity/numbers/number-registry.module.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { AccessGuard } from './access.guard.js';
import { AdmissionService } from './admission.service.js';
import { DeclaredRoutes } from './declared-routes.service.js';

/** Authentication, authorization, and one execution per `Idempotency-Key`. Takes `ProblemRenderer` from a global module. */
@Module({
  imports: [DiscoveryModule, AuditModule, NumberRegistryModule],
  controllers: [ApiKeysController, SessionsController, TokensController],
  providers: [
    ApiKeysStore,
    ApiKeysService,
    KeyNumbersService,
    { provide: KEY_NUMBERS, useExisting: KeyNumbersService },
    PinningService,
    KeyBudgetsStore,
    KeyBudgetsService,
    SessionsStore,
    SessionsService,
    PrincipalsService,
    CredentialLookupService,
    HeaderGates,
    AdmissionService,
    DeclaredRoutes,
    IdempotencyStore,
    IdempotencyService,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [ApiKeysService, KeyBudgetsService, PinningService, PrincipalsService, SessionsService, IdempotencyService, HeaderGates],
})
export class AccessModule implements OnModuleInit {
  constructor(
    private readonly routes: DeclaredRoutes,
    private readonly gates: HeaderGates,
    private readonly admission: AdmissionService,
    private readonly numbers: NumbersService,
    private readonly pinning: PinningService,
  ) {}

  onModuleInit(): void {
    this.numbers.onSecondNumber((tx, first) => this.pinning.pin(tx, first));
    for (const { method, url, needed } of this.routes.all()) {
      if (needed === undefined || needed === 'public') continue;
      this.gates.on(method, url, (request, reply) => this.admission.admit(request, reply, needed));
    }
  }
}
