/** The height of table rows. */
export const densities = ['comfortable', 'compact'] as const
export type Density = (typeof densities)[number]

/** The cookie with a person's choice, set by the browser. */
export const densityCookie = 'spaceport-density'

/** @returns the density in a cookie's value; `comfortable` if it is invalid */
export const parseDensity = (text: string | undefined): Density => (text === 'compact' ? text : 'comfortable')
