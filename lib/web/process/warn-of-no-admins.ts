import 'server-only'
import { identityProviders } from './identity-provider.ts'
import { webLog } from './web-log.ts'

/** Logs it if nobody can become a platform admin: then nobody decides on requests, sets the policy or removes people. */
export function warnOfNoAdmins(): void {
  const isAdmin = identityProviders().some(
    ({ settings: { admins, adminGroups } }) => admins.length + adminGroups.length > 0,
  )
  if (!isAdmin)
    webLog().warn('nobody can become a platform admin: set SPACEPORT_ADMIN_GROUPS, or SPACEPORT_ADMINS to name people')
}
