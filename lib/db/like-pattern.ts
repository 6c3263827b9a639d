/** @returns what LIKE and ILIKE take for "contains this text": `%`, `_` and the backslash mean themselves */
export const likePattern = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`
