import { sayFrom } from '#cli/terminal/texts.js';

export const sayMove = sayFrom({
  wrong_from: {
    en: 'The source must be sqlite:PATH, not "{value}". It is DATABASE_URL when --from is left out.',
    es: 'El origen debe ser sqlite:RUTA, no "{value}". Es DATABASE_URL si no se indica --from.',
  },
  wrong_to: {
    en: '--to must be postgres://USER:PASSWORD@HOST:PORT/DATABASE; the database must exist and be empty.',
    es: '--to debe ser postgres://USUARIO:CLAVE@HOST:PUERTO/BASE; la base debe existir y estar vacía.',
  },
  no_file: { en: 'There is no database at {path}.', es: 'No hay ninguna base de datos en {path}.' },
  not_ours: {
    en: '{path} is not a database of this gateway.',
    es: '{path} no es una base de datos de este gateway.',
  },
  running: {
    en: 'A gateway is running on {path}. Stop it first: what it wrote meanwhile would stay behind. 360dialog delivers again what it could not deliver.',
    es: 'Un gateway está en marcha sobre {path}. Deténgalo primero: lo que escriba mientras tanto no se copiaría. 360dialog vuelve a entregar lo que no pudo entregar.',
  },
  no_target: {
    en: 'The target could not be opened: {message}. Nothing was moved.',
    es: 'No se pudo abrir el destino: {message}. No se movió nada.',
  },
  target_is_in_use: {
    en: 'The target holds rows already (table {table}). Nothing was moved: give the move an empty database.',
    es: 'El destino ya tiene filas (tabla {table}). No se movió nada: use una base de datos vacía.',
  },
  target_differs: {
    en: 'What arrived in table {table} differs from what was sent. Nothing was moved; the source is as it was. Please report this.',
    es: 'Lo que llegó a la tabla {table} difiere de lo enviado. No se movió nada; el origen está intacto. Por favor, infórmenos.',
  },
  progress: { en: '{table}: {rows} rows', es: '{table}: {rows} filas' },
  row: { en: '{table}  {rows}', es: '{table}  {rows}' },
  done: {
    en: '{rows} rows in {tables} tables moved and compared. Set DATABASE_URL to the new address and start the gateway. {path} was not changed: keep it as a backup, then delete it.',
    es: '{rows} filas en {tables} tablas movidas y comparadas. Ponga la nueva dirección en DATABASE_URL e inicie el gateway. {path} no se modificó: guárdelo como copia y bórrelo después.',
  },
});
