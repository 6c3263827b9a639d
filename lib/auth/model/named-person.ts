/**
 * People to whom the operator gives a platform role by name. Must never take a name for somebody else: a subject is
 * compared exactly, an address only if the provider says that it has verified it, and both only at the provider whose
 * configuration has the name.
 */

import type { PlatformRole } from '#lib/kernel/model/access/role.ts'
import { parseEmailAddress } from '#lib/kernel/model/people/email-address.ts'

/** `sub:` and a subject, or an e-mail address in lowercase. No plain address has a colon. */
export type PersonName = string

export type NamedPeople = { admins: readonly PersonName[]; auditors: readonly PersonName[] }

/** The platform roles that a person has by name. */
export type NamedRoles = {
  bySubject: PlatformRole
  byAddress: PlatformRole
  /** The verified address, if it is a plain one. */
  address: string | null
}

/**
 * @param person `subject`: null if it isn't known by the claim that the configuration names. `verifiedEmail`: the address that the
 *   provider says it has verified, as it is
 */
export function namedRolesOf(
  { subject, verifiedEmail }: { subject: string | null; verifiedEmail: string | null },
  { admins, auditors }: NamedPeople,
): NamedRoles {
  const address = verifiedEmail === null ? null : (parseEmailAddress(verifiedEmail)?.address ?? null)
  const roleOf = (name: PersonName | null): PlatformRole => {
    if (name === null) return 'member'
    if (admins.includes(name)) return 'admin'
    return auditors.includes(name) ? 'auditor' : 'member'
  }
  return { bySubject: roleOf(subject === null ? null : `sub:${subject}`), byAddress: roleOf(address), address }
}
