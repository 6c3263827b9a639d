import { randomBytes } from 'node:crypto'

/**
 * A name that no other test has: all share one cluster, one database and one run of thousands of names,
 * so its random part is long enough never to collide.
 * @param readable what it begins with, lowercase
 */
export const uniqueName = (readable: string): string => `${readable}-${randomBytes(6).toString('hex')}`
