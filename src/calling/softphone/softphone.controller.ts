import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { PrincipalsService } from '#access/sessions/principals.service.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import { operatorIdOf } from '#calling/call/claim.js';
import { LeasesService } from '#calling/lifecycle/leases.service.js';
import { Settings } from '#config/settings.js';
import { Clock, SECOND } from '#kernel/clock.js';
import { offered } from './ice-servers.js';
import { IceServersDto, LeaseDto, LeaseQueryDto, LeaseWishDto, toIceServersDto, toLeaseDto } from './softphone.dto.js';

/** Serves softphones: the lease of a call, and ICE servers for its audio. */
@ApiTags('softphone')
@Controller('api/calling')
@Scopes('calls:control')
export class SoftphoneController {
  constructor(
    private readonly leases: LeasesService,
    private readonly principals: PrincipalsService,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes the lease of a live call, or renews it with its `fence`. Once it is neither renewed nor given up in time the
   * gateway hangs up (`error.code` is `lease_lapsed`); an inbound call that still rings is released for others instead.
   * Another window of the same operator may take it over; the former holder's renewal then answers `lease_lost`.
   */
  @Put('calls/:id/lease')
  @Problems('call_not_found', 'call_ended', 'call_claimed', 'lease_held', 'lease_lost')
  async holdLease(@Param('id') id: string, @Body() dto: LeaseWishDto, @Caller() by: Principal): Promise<LeaseDto> {
    const ms = dto.ttl_seconds === undefined ? null : dto.ttl_seconds * SECOND;
    const leased = await this.leases.take(id, dto.holder, dto.fence ?? null, by, ms);
    await this.principals.outlast(by, leased.lease.until);
    return toLeaseDto(leased, this.settings.deadlines.leaseMs);
  }

  /** Gives the lease up: the call goes on, and does not end without renewals. */
  @Delete('calls/:id/lease')
  @HttpCode(204)
  @Problems('call_not_found')
  async releaseLease(@Param('id') id: string, @Query() query: LeaseQueryDto, @Caller() by: Principal): Promise<void> {
    await this.leases.giveUp(id, query.holder, by);
  }

  /** STUN and TURN servers as the owner has configured them (`ICE_SERVERS`), with credentials for this caller. */
  @Get('ice-servers')
  getIceServers(@Caller() by: Principal): IceServersDto {
    return toIceServersDto(offered(this.settings.ice, operatorIdOf(by), this.clock.now()));
  }
}
