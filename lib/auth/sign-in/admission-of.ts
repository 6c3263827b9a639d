import type { AuthSettings } from '#lib/auth/auth-settings.ts'
import type { Admission } from '#lib/auth/db/admission.ts'
import { namedRolesOf } from '#lib/auth/model/named-person.ts'
import type { Claims } from '#lib/auth/provider/parse-claims.ts'
import { decideSignIn } from '#lib/kernel/model/people/sign-in-limit.ts'

/**
 * @param person `subject`: the value of OIDC_SUBJECT_CLAIM, which `sub:` names; null: unknown
 * @returns the operator's rules for a person, from the provider's claims about them
 */
export const admissionOf = (
  { subject, verifiedEmail }: Pick<Claims, 'verifiedEmail'> & { subject: string | null },
  settings: AuthSettings,
): Admission => ({
  signInGroups: settings.signInGroups,
  decide: (groups) => decideSignIn({ groups, verifiedEmail }, settings),
  named: namedRolesOf({ subject, verifiedEmail }, settings),
})
