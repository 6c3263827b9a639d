/**
 * People with a platform role by name, from the configuration. A name must never match another person: a subject is
 * compared exactly, an address only if the provider has verified it, and both only at the provider that they are
 * configured for.
 */

import type { PlatformRole } from '#lib/kernel/model/access/role.ts'
import { parseEmailAddress } from '#lib/kernel/model/people/email-address.ts'

/** `sub:` and a subject, or an email address in lowercase. No plain address has a colon. */
export type PersonName = string

export type NamedPeople = { admins: readonly PersonName[]; auditors: readonly PersonName[] }

export type NamedRoles = {
  bySubject: PlatformRole
  byAddress: PlatformRole
  /** The verified address, if it is a plain one. */
  address: string | null
}

/**
 * @param person `subject`: null if the account isn't identified by the configured claim. `verifiedEmail`: unchanged, if
 *   the provider says that it verified it
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
