/** @returns the path of all open requests, or of those open for a day or more */
export const openRequestsPath = (asked: { age?: 'day' } = {}): string =>
  asked.age ? `/requests/open?age=${asked.age}` : '/requests/open'

/** The page about the trail’s hash chain. */
export const chainPath = '/audit/exports#chain'
