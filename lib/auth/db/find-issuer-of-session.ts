import type { Db } from '#lib/kernel/db/client.ts'

/** @returns where the person of a session signed in, expired or not; null: there is no such session */
export async function findIssuerOfSession(db: Db, tokenHash: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const session = await db.session.findUnique({ where: { tokenHash }, select: { user: { select: { issuer: true } } } })
  return session?.user.issuer ?? null
}
