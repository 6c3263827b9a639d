import 'server-only'
import { readProvider } from '#lib/auth/identity-provider.ts'
import { identityProvider } from './identity-provider.ts'
import { webConfig } from './web-config.ts'
import { webLog } from './web-log.ts'

const retryMs = 10_000

/**
 * Looks at the identity provider when the process starts, until it can be used. What is wrong with it is logged once, not
 * with every try; it keeps nothing from starting, since the provider may come later.
 */
export async function watchProvider(told?: string): Promise<void> {
  try {
    await readProvider(identityProvider(), webConfig().OIDC_ALGORITHMS)
    if (told !== undefined) webLog().info('the identity provider can be used')
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    if (problem !== told) webLog().error({ error }, 'nobody can sign in: the identity provider cannot be used')
    setTimeout(() => void watchProvider(problem), retryMs).unref()
  }
}
