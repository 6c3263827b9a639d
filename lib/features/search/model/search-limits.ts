/** The number of recently used items that a browser keeps and looks up at once. */
export const maxRecent = 8
/** The maximum length of a search, enforced by the input. */
export const maxSearchLength = 100
export const maxFound = { spaces: 12, people: 8 }
