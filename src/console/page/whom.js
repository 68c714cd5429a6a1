/** The user that an operator types: only a business-scoped user id has letters. It goes as `recipient`, a number as `to`. @param {string} typed */
export const whom = (typed) => (/\p{L}/u.test(typed) ? { recipient: typed } : { to: typed });

/** Whether a name is typed: letters that are no business-scoped user id. @param {string} typed */
export const isName = (typed) => /\p{L}/u.test(typed) && !/^[a-z]{2}\.(?:ent\.)?\w+$/i.test(typed.trim());
