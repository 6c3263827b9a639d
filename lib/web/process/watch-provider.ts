import 'server-only'
import type { SignInProvider } from '#lib/auth/auth-services.ts'
import { readProvider } from '#lib/auth/provider/identity-provider.ts'
import { identityProviders } from './identity-provider.ts'
import { webLog } from './web-log.ts'

const retryMs = 10_000

/**
 * Checks each identity provider at startup until it is usable. Each fault is logged once, not at every attempt. The
 * process starts anyway, since the provider may come up later.
 */
export async function watchProviders(): Promise<void> {
  await Promise.all(identityProviders().map((one) => watch(one)))
}

async function watch(one: SignInProvider, logged?: string): Promise<void> {
  const { id, algorithms } = one.settings
  try {
    await readProvider(one.provider, algorithms)
    if (logged !== undefined) webLog().info({ provider: id }, 'the identity provider is usable')
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    if (problem !== logged)
      webLog().error({ error, provider: id }, 'no one can sign in: the identity provider is unusable')
    setTimeout(() => void watch(one, problem), retryMs).unref()
  }
}
