import 'server-only'
import { canHaveAdmins } from '#lib/auth/sign-in/can-have-admins.ts'
import { identityProviders } from './identity-provider.ts'
import { webLog } from './web-log.ts'

/** Logs it if nobody can become a platform admin: then nobody decides on requests, sets the policy or removes people. */
export function warnOfNoAdmins(): void {
  if (!canHaveAdmins(identityProviders().map(({ settings }) => settings)))
    webLog().warn('nobody can become a platform admin: set SPACEPORT_ADMIN_GROUPS, or SPACEPORT_ADMINS to name people')
}
