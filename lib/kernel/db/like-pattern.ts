/** @returns the LIKE and ILIKE pattern for "contains this text": `%`, `_` and the backslash are literal */
export const likePattern = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`
