import { createHash } from 'node:crypto'
import type { NamedRoles } from '#lib/auth/model/named-person.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { greaterPlatformRole, type PlatformRole } from '#lib/kernel/model/access/role.ts'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'

export type NamedRole = {
  role: PlatformRole
  /** What gives it; null: nothing. */
  by: 'sub' | 'email' | null
  /** Whether the address gave a role to another account before, and so gives none to this one. */
  isReassigned: boolean
}

/**
 * The platform role that a person has by name. An address gives a role to one account alone, the first: anyone to whom the
 * provider assigns it later is a different person.
 */
export async function decideNamedRole(
  tx: Tx,
  userId: string,
  issuer: string,
  { bySubject, byAddress, address }: NamedRoles,
): Promise<NamedRole> {
  const own = { role: bySubject, by: bySubject === 'member' ? null : ('sub' as const), isReassigned: false }
  if (address === null || greaterPlatformRole(bySubject, byAddress) === bySubject) return own
  const hash = createHash('sha256')
    .update(`${bareIssuer(issuer)} ${address}`)
    .digest()
  await tx.$executeRaw`INSERT INTO named_address (hash, user_id) VALUES (${hash}, ${userId}::uuid) ON CONFLICT DO NOTHING`
  const [first] = await tx.$queryRaw<{ isTheirs: boolean }[]>`
    SELECT user_id = ${userId}::uuid AS "isTheirs" FROM named_address WHERE hash = ${hash}`
  return first?.isTheirs ? { role: byAddress, by: 'email', isReassigned: false } : { ...own, isReassigned: true }
}
