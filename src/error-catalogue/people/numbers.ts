import type { numberCodes } from '../codes/numbers.js';
import { type PeopleFor, toPeople } from './people.js';

export const numberPeople: PeopleFor<typeof numberCodes> = {
  number_exists: toPeople(
    'This number is here already. Nothing was added.',
    'Este número ya está aquí. No se agregó nada.',
    'open_numbers',
  ),
  number_key_rejected: toPeople(
    '360dialog does not accept this key. Copy the newest one of the number from its Hub.',
    '360dialog no acepta esta clave. Copie la más reciente del número en su Hub.',
    'correct_input',
  ),
  webhook_occupied: toPeople(
    'Another system receives the news of this number. It was not replaced.',
    'Otro sistema recibe los avisos de este número. No se reemplazó.',
    'open_numbers',
  ),
  webhook_not_replaced: toPeople(
    'There is no earlier receiver of this number to go back to. Nothing was changed.',
    'No hay un receptor anterior de este número al cual volver. No se cambió nada.',
    'open_numbers',
  ),
  number_paused: toPeople(
    'This business number is paused: it places no calls until somebody resumes it.',
    'Este número de la empresa está en pausa: no hace llamadas hasta que se reanude.',
    'open_numbers',
  ),
  number_removing: toPeople(
    'This business number is being removed and takes no new calls. Use another one.',
    'Este número de la empresa se está quitando y no admite llamadas nuevas. Use otro.',
    'open_numbers',
  ),
  environment_number: toPeople(
    'This number belongs to the installation and cannot be changed here.',
    'Este número pertenece a la instalación y no se puede cambiar aquí.',
    'contact_administrator',
  ),
  would_revoke_keys: toPeople(
    'A new key would stop every system that uses the present one. None was made.',
    'Una clave nueva detendría todo sistema que use la actual. No se creó ninguna.',
    'contact_administrator',
  ),
  partner_not_configured: toPeople(
    'This gateway is not connected as a partner of 360dialog.',
    'Este gateway no está conectado como partner de 360dialog.',
    'contact_administrator',
  ),
  adoption_in_progress: toPeople(
    'This number is being added already. Wait some minutes.',
    'Este número ya se está agregando. Espere unos minutos.',
    'wait',
  ),
  channel_key_unknown: toPeople(
    '360dialog gave no readable answer, so it is unknown whether the number has a new key.',
    '360dialog no dio una respuesta legible y no se sabe si el número tiene una clave nueva.',
    'contact_administrator',
  ),
};
