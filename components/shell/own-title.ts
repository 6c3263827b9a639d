type Things = 'spaces' | 'requests' | 'credentials'

/**
 * @param hasOthers whether there is also a page with everyone’s
 * @returns the name of the page with a person’s own things, in the navigation and as its heading: `Your requests`
 */
export const ownTitle = (things: Things, hasOthers: boolean): string =>
  hasOthers ? `Your ${things}` : `${things[0]?.toUpperCase()}${things.slice(1)}`
