import { hourMs, spanInWords } from '#lib/domain/duration.ts'

const usual = [1, 8, 24, 7 * 24, 30 * 24]

/** @returns how long a credential may live, as choices of a form (hours, in words): the usual ones, and the default */
export const lifetimeOptions = (max: number, byDefault: number): { value: string; label: string }[] =>
  [...new Set([...usual, byDefault])]
    .filter((hours) => hours <= max)
    .sort((a, b) => a - b)
    .map((hours) => ({ value: String(hours), label: spanInWords(hours * hourMs) }))
