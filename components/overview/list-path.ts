/** @returns the address of all requests that wait, or of those that have for a day */
export const openRequestsPath = (asked: { age?: 'day' } = {}): string =>
  asked.age ? `/requests/open?age=${asked.age}` : '/requests/open'

/** Whether the trail’s chain holds. */
export const chainPath = '/audit#chain'
