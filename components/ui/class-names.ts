/** @returns joined class names, without the empty ones */
export const classNames = (...names: (string | false | null | undefined)[]): string => names.filter(Boolean).join(' ')
