/** The user that an operator types: only a business-scoped user id has letters. It goes as `recipient`, a number as `to`. @param {string} typed */
export const whom = (typed) => (/\p{L}/u.test(typed) ? { recipient: typed } : { to: typed });
