import 'server-only'
import { canHaveAdmins } from '#lib/auth/sign-in/can-have-admins.ts'
import { identityProviders } from './identity-provider.ts'
import { webLog } from './web-log.ts'

/**
 * Logs a warning if no one can become a platform admin: no one could then decide requests, set the policy or offboard
 * people.
 */
export function warnOfNoAdmins(): void {
  if (!canHaveAdmins(identityProviders().map(({ settings }) => settings)))
    webLog().warn('no one can become a platform admin: set SPACEPORT_ADMIN_GROUPS, or SPACEPORT_ADMINS to name people')
}
