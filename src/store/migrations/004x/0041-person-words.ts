import type { SqlWords } from '../sql-words.js';

/**
 * The words under which people are found; `../../schema.ts` says what they are. They sort byte by byte on both engines, so that a range of
 * the index is what begins with a text. The gateway fills the table for people who are there already, and corrects what a release before
 * this one has changed. One that deletes a person knows no words of theirs: the trigger deletes them.
 */
export const personWords = ({ engine }: SqlWords): string[] => [
  `create table person_words (
    phone_number_id text not null, word text${engine === 'sqlite' ? '' : ' collate "C"'} not null, person_id text not null,
    constraint person_words_pk primary key (phone_number_id, word, person_id))`,
  'create index person_words_person on person_words (person_id, word)',
  ...(engine === 'sqlite'
    ? ['create trigger people_words after delete on people begin delete from person_words where person_id = old.id; end']
    : [
        `create function delete_person_words() returns trigger language plpgsql set search_path from current as $$
begin
  delete from person_words where person_id = old.id;
  return null;
end $$`,
        'create trigger people_words after delete on people for each row execute function delete_person_words()',
      ]),
];
