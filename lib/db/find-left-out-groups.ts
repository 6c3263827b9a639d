import type { Db } from './client.ts'

/** @returns what the identity provider sent as groups at a person's last sign-in but cannot be a group's name */
export async function findLeftOutGroups(db: Db, userId: string): Promise<string[]> {
  const person = await db.user.findUnique({ where: { id: userId }, select: { leftOutGroups: true } })
  return person?.leftOutGroups ?? []
}
