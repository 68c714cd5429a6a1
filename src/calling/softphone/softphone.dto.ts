import { Type } from 'class-transformer';
import { IsInt, IsString, Matches, Max, Min } from 'class-validator';
import { MayBeLeftOut } from '#api-conventions/fields.decorator.js';
import { LEASE_HOLDER } from '#calling/lifecycle/lease.js';
import type { Leased } from '#calling/lifecycle/leases.service.js';
import { rfc3339, SECOND } from '#kernel/clock.js';
import type { OfferedServers } from './ice-servers.js';

/** Renewed so often within one term, a lease outlives two renewals that are lost. */
const RENEWALS_PER_TERM = 3;

/** Takes or renews a lease. */
export class LeaseWishDto {
  /** The name of this window: 16 to 64 letters, digits, `-` or `_`, made at random and kept secret. */
  @IsString()
  @Matches(LEASE_HOLDER)
  holder: string;

  /** The `fence` that the lease was given with, to renew it; left out to take it. */
  @MayBeLeftOut()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  fence?: number;

  /**
   * How long it lasts unless it is renewed, 5 to 60; `CALL_LEASE_SECONDS` when left out. A page asks for more before the
   * browser's question whether to leave it, which holds up everything else.
   */
  @MayBeLeftOut()
  @IsInt()
  @Min(5)
  @Max(60)
  ttl_seconds?: number;
}

/** Names the holder of a lease. */
export class LeaseQueryDto {
  /** The `holder` that has the lease. */
  @IsString()
  @Matches(LEASE_HOLDER)
  holder: string;
}

/** A softphone's lease of a call. */
export class LeaseDto {
  /** The gateway's id of the call. */
  id: string;
  /** The window that holds it. */
  holder: string;
  /** Sent with each renewal. Another holder has a higher one, and renewals with the older are refused. */
  fence: number;
  /** When the call is ended unless the lease is renewed before. */
  expires_at: string;
  /** Renew it at this interval. */
  renew_after_seconds: number;
}

/** A server as browsers take it (`RTCIceServer`). */
export class IceServerDto {
  /** Addresses such as `turn:turn.example.com`. */
  urls: string[];
  /** For TURN alone. */
  username?: string;
  /** For TURN alone. */
  credential?: string;
}

/** The servers of `new RTCPeerConnection({ iceServers })`. */
export class IceServersDto {
  /** Empty where the owner has configured none, which WhatsApp does not need. */
  @Type(() => IceServerDto)
  ice_servers: IceServerDto[];
  /** When the credentials end; null when they do not. Ask again before. */
  expires_at: string | null;
}

/** A lease with its renewal interval of at least 1 s. @param termMs the configured term in ms, also when the request set its own */
export function toLeaseDto({ call, lease }: Leased, termMs: number): LeaseDto {
  return {
    id: call.id,
    holder: lease.holder,
    fence: lease.fence,
    expires_at: rfc3339(lease.until),
    renew_after_seconds: Math.max(1, Math.floor(termMs / SECOND / RENEWALS_PER_TERM)),
  };
}

export const toIceServersDto = ({ servers, expiresAt }: OfferedServers): IceServersDto => ({
  ice_servers: servers,
  expires_at: rfc3339(expiresAt),
});
