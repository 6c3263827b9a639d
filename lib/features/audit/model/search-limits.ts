/** How many things somebody used lately are kept by their browser, and looked up at once. */
export const maxRecent = 8
/** How long a search may be; the input allows no more. */
export const maxSearchLength = 100
/** The most that one search finds. */
export const maxFound = { spaces: 12, people: 8 }
