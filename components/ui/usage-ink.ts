/** From this share of a limit on, usage warns. */
const warnsFrom = 0.8

/** @returns the class of the colour that shows how much of a limit is used */
export const usageInk = (ratio: number): string =>
  ratio < warnsFrom ? 'text-accent' : ratio < 1 ? 'text-warn' : 'text-bad'

/** @returns the usage in words for screen readers, with the warning that others see as a colour */
export const usageInWords = (ratio: number, text: string): string =>
  ratio < warnsFrom ? text : `${text}, almost used up`
