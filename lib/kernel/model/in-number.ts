/** @returns `1 session`, `3 sessions` */
export const inNumber = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`
