import { IsOptional, IsString, Length } from 'class-validator';
import { Problem } from '#kernel/problem.js';
import { type EventType, isEventType } from './event.js';

/** The filters of the event stream, and the event after which it resumes. An event must pass both filters. */
export class StreamQueryDto {
  /** Only events of these types, separated by commas; all when left out. */
  @IsOptional()
  @IsString()
  types?: string;

  /** Only events of this number, by its id; all numbers when left out. */
  @IsOptional()
  @IsString()
  @Length(1, 64)
  phone_number_id?: string;

  /** Resume after this event, for clients that cannot send the `Last-Event-ID` header. */
  @IsOptional()
  @IsString()
  last_event_id?: string;
}

/** The types in a list with commas; null for all. @throws Problem `invalid_request` that names `types` */
export function toEventTypes(written: string | undefined): EventType[] | null {
  const names = (written ?? '').split(',').flatMap((name) => name.trim() || []);
  if (!names.length) return null;
  const unknown = names.filter((name) => !isEventType(name));
  if (unknown.length) {
    throw new Problem('invalid_request', {
      errors: [{ field: 'types', message: `unknown event type ${unknown.join(', ').slice(0, 200)}` }],
    });
  }
  return names.filter(isEventType);
}
