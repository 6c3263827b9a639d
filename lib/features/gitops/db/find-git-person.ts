import type { Db } from '#lib/kernel/db/client.ts'
import { breakGlassIssuer } from '#lib/kernel/model/people/break-glass-account.ts'

export type GitPerson = {
  id: string
  issuer: string
  handle: string
  name: string
  email: string
  deactivatedAt: Date | null
}

/** @returns the person that objects of a namespace act as. Never the break-glass account */
export const findGitPerson = (db: Db, handle: string): Promise<GitPerson | null> =>
  db.user.findFirst({
    where: { handle, issuer: { not: breakGlassIssuer } },
    select: { id: true, issuer: true, handle: true, name: true, email: true, deactivatedAt: true },
  })
