import type { Db } from './client.ts'

export type PersonRecord = { id: string; handle: string; name: string; email: string; deactivatedAt: Date | null }

/** Finds a person by who they are at the identity provider. Never by e-mail: that is for display. */
export async function findPerson(db: Db, key: { issuer: string; subject: string }): Promise<PersonRecord | null> {
  return db.user.findUnique({
    where: { issuer_subject: key },
    select: { id: true, handle: true, name: true, email: true, deactivatedAt: true },
  })
}
