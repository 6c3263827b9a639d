/**
 * @param issuer the provider that the group is of; null: the configured one
 * @returns how a group is called on a page: two providers may each have a group of one name
 */
export const groupLabel = (name: string, issuer: string | null): string =>
  issuer === null ? name : `${name} (of ${issuer})`

/** @returns how many of a group's members are known, in words: those who have signed in */
export const membersInWords = (people: number): string =>
  people === 0 ? 'nobody has signed in yet' : `${people} ${people === 1 ? 'person has' : 'people have'} signed in`
