import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access/authorization/principal.js';
import { Caller, Scopes } from '#access/authorization/scopes.decorator.js';
import { readPageCursor, toPage } from '#api-conventions/list.js';
import { Problems } from '#api-conventions/problems.decorator.js';
import type { CallDto } from '#calling/call/call.view.js';
import { CallsWithPeople } from '#calling/call/calls-with-people.service.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { PeopleSearchService } from '#identity/words/people-search.service.js';
import { WordsUpkeep } from '#identity/words/words-upkeep.service.js';
import { type FoundPersonDto, type LastCallDto, PeoplePageDto, PeopleQueryDto } from './people.dto.js';

/** People by name. */
@ApiTags('users')
@Controller('api/users')
export class PeopleController {
  constructor(
    private readonly search: PeopleSearchService,
    private readonly upkeep: WordsUpkeep,
    private readonly calls: CallsWithPeople,
    private readonly numbers: NumbersService,
  ) {}

  /** Finds people by name, phone number, user name, BSUID, or the `reference` of a call with them, in the numbers that the key reaches, each with the last call. Asking creates nobody. */
  @Get()
  @Scopes('calls:read')
  @Problems('unknown_number')
  async findUsers(@Query() query: PeopleQueryDto, @Caller() by: Principal): Promise<PeoplePageDto> {
    const cursor = readPageCursor(query.cursor, ['number', 'number', 'string', 'string']);
    const { search, limit, phone_number_id: phoneNumberId } = query;
    if (phoneNumberId !== undefined) await this.numbers.require(by, phoneNumberId);
    const numbers = phoneNumberId === undefined ? this.numbers.reachedBy(by).map((number) => number.phoneNumberId) : [phoneNumberId];
    const after = cursor && { word: cursor[0], beginning: cursor[1], found: cursor[2], personId: cursor[3] };
    const isComplete = this.upkeep.isComplete;
    const found = await this.search.search(numbers, search, limit + 1, after, await this.calls.peopleOfReference(numbers, search.trim()));
    const calls = await this.calls.lastWith(found.slice(0, limit).map(({ person }) => person.id));
    return {
      ...toPage(
        found,
        limit,
        ({ cursor: at }) => [at.word, at.beginning, at.found, at.personId],
        ({ person }): FoundPersonDto => ({
          user: {
            wa_id: person.waId,
            user_id: person.userId,
            parent_user_id: person.parentUserId,
            username: person.username,
            name: person.name,
          },
          phone_number_id: person.phoneNumberId,
          last_call: lastCall(calls.get(person.id)),
        }),
      ),
      complete: isComplete,
    };
  }
}

function lastCall(call: CallDto | undefined): LastCallDto | null {
  if (!call) return null;
  const { id, call_id, direction, state, outcome, created_at, duration_seconds } = call;
  return { id, call_id, direction, state, outcome, created_at, duration_seconds };
}
