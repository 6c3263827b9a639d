import type { Db } from './client.ts'

export type EndedSession = {
  id: string
  idToken: string | null
  user: { id: string; handle: string; name: string }
}

/** Ends one session. @returns what it was; null when there was none */
export async function deleteSession(db: Db, tokenHash: Uint8Array<ArrayBuffer>): Promise<EndedSession | null> {
  return db.$transaction(async (tx) => {
    const session = await tx.session.findUnique({
      where: { tokenHash },
      select: { id: true, idToken: true, user: { select: { id: true, handle: true, name: true } } },
    })
    if (session) await tx.session.deleteMany({ where: { id: session.id } })
    return session
  })
}
