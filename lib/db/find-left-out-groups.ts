import type { Db } from './client.ts'

/** @returns what the identity provider sent among a person's groups at the last sign-in and is no name of one */
export async function findLeftOutGroups(db: Db, userId: string): Promise<string[]> {
  const person = await db.user.findUnique({ where: { id: userId }, select: { leftOutGroups: true } })
  return person?.leftOutGroups ?? []
}
