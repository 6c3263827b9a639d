import { createHash } from 'node:crypto'
import type { NamedRoles } from '#lib/auth/model/named-person.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { greaterPlatformRole, type PlatformRole } from '#lib/kernel/model/access/role.ts'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'

export type NamedRole = {
  role: PlatformRole
  /** What gives the role; null: nothing. */
  by: 'sub' | 'email' | null
  /** Whether the address already gave a role to another account, and so gives none to this one. */
  isReassigned: boolean
}

/**
 * Decides a person's platform role by name. An address gives a role only to the first account that has it: if the
 * provider assigns the address to another person later, that person gets none.
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
