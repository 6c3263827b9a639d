import type { Admission } from '#lib/db/admission.ts'
import { namedRolesOf } from '#lib/domain/named-person.ts'
import { decideSignIn } from '#lib/domain/sign-in-limit.ts'
import type { AuthSettings } from './auth-settings.ts'
import type { Claims } from './parse-claims.ts'

/**
 * @param person `subject`: the value of OIDC_SUBJECT_CLAIM, which `sub:` names; null: it isn't known
 * @returns what the operator says of a person at their provider, by what that provider says of them
 */
export const admissionOf = (
  { subject, verifiedEmail }: Pick<Claims, 'verifiedEmail'> & { subject: string | null },
  settings: AuthSettings,
): Admission => ({
  signInGroups: settings.signInGroups,
  decide: (groups) => decideSignIn({ groups, verifiedEmail }, settings),
  named: namedRolesOf({ subject, verifiedEmail }, settings),
})
