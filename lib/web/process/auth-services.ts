import 'server-only'
import type { AuthServices } from '#lib/auth/auth-services.ts'
import { createSignInLimits } from '#lib/auth/sign-in/sign-in-limits.ts'
import { presetNextAuthEnvironment } from '#lib/config/next-auth-environment.ts'
import { processValue } from '#lib/observability/process-value.ts'
import { identityProviders } from './identity-provider.ts'
import { services } from './services.ts'
import { webConfig } from './web-config.ts'

export async function authServices(): Promise<AuthServices> {
  const { db, pool, trail, log, clock, randomBytes } = await services()
  return processValue('auth-services', () => {
    presetNextAuthEnvironment(webConfig().SPACEPORT_URL)
    const [main, ...further] = identityProviders()
    return {
      db,
      pool,
      trail,
      log,
      clock,
      randomBytes,
      ...main,
      further,
      limits: createSignInLimits(pool),
    }
  })
}
