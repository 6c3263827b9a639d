import 'server-only'
import { readProvider } from '#lib/auth/identity-provider.ts'
import { identityProvider } from './identity-provider.ts'
import { webConfig } from './web-config.ts'
import { webLog } from './web-log.ts'

const retryMs = 10_000

/**
 * Checks the identity provider when the process starts, until it is usable. Each fault is logged once, not with every
 * attempt. The process starts anyway, since the provider may come up later.
 */
export async function watchProvider(logged?: string): Promise<void> {
  try {
    await readProvider(identityProvider(), webConfig().OIDC_ALGORITHMS)
    if (logged !== undefined) webLog().info('the identity provider can be used')
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    if (problem !== logged) webLog().error({ error }, 'nobody can sign in: the identity provider cannot be used')
    setTimeout(() => void watchProvider(problem), retryMs).unref()
  }
}
