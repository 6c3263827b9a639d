import 'server-only'
import type { AuthServices } from '../auth/auth-services.ts'
import { createSignInLimits } from '../auth/sign-in-limits.ts'
import { presetNextAuthEnvironment } from '../config/next-auth-environment.ts'
import { identityProvider } from './identity-provider.ts'
import { processValue } from './process-value.ts'
import { services } from './services.ts'
import { webConfig } from './web-config.ts'

/** What sign-in works with, wired once per process. */
export async function authServices(): Promise<AuthServices> {
  const { db, pool, trail, log, clock, randomBytes } = await services()
  const config = webConfig()
  return processValue('auth-services', () => {
    presetNextAuthEnvironment(config.SPACEPORT_URL)
    return {
      db,
      trail,
      log,
      clock,
      randomBytes,
      provider: identityProvider(),
      limits: createSignInLimits(pool),
      settings: {
        origin: config.SPACEPORT_URL,
        secret: config.NEXTAUTH_SECRET,
        clientId: config.OIDC_CLIENT_ID,
        clientSecret: config.OIDC_CLIENT_SECRET,
        scopes: config.OIDC_SCOPES,
        groupsClaim: config.OIDC_GROUPS_CLAIM,
        algorithms: config.OIDC_ALGORITHMS,
        logoutEndsCredentials: config.OIDC_LOGOUT_ENDS_CREDENTIALS,
        adminGroups: config.SPACEPORT_ADMIN_GROUPS,
        auditorGroups: config.SPACEPORT_AUDITOR_GROUPS,
      },
    }
  })
}
