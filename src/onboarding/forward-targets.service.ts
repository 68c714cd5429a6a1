import { Injectable } from '@nestjs/common';
import type { ForwardTarget } from '#identity/numbers/business-number.js';
import { Problem } from '#kernel/problem.js';
import { PostClient } from '#outbound-http/post.client.js';

/** Which targets a number may forward to: those of subscriptions. */
@Injectable()
export class ForwardTargetsService {
  constructor(private readonly post: PostClient) {}

  /** @throws Problem `invalid_request` that names `forward.url` */
  async require({ url }: ForwardTarget): Promise<void> {
    const fault = await this.post.faultOf(url);
    if (fault !== null) throw new Problem('invalid_request', { errors: [{ field: 'forward.url', message: { ...fault } }] });
  }
}
