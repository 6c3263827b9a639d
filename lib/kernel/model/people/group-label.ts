/**
 * @param issuer the group's provider; null: the configured one
 * @returns the group's label on a page; two providers may share a name
 */
export const groupLabel = (name: string, issuer: string | null): string =>
  issuer === null ? name : `${name} (of ${issuer})`

/** @returns how many members of a group have signed in, in words */
export const membersInWords = (people: number): string =>
  people === 0 ? 'no one has signed in yet' : `${people} ${people === 1 ? 'person has' : 'people have'} signed in`
