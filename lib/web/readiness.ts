import 'server-only'
import { checkReadiness, type Readiness } from '../broker/check-readiness.ts'
import { identityProvider } from './identity-provider.ts'
import { services } from './services.ts'

/** Whether the web process may take traffic: database, clusters and identity provider answer. */
export async function readiness(): Promise<{ ready: boolean; parts: Readiness }> {
  const held = await services().catch(() => null)
  // Nobody's name and no reason: whoever asks is not known. The log has the rest.
  if (!held) return { ready: false, parts: { database: 'cannot be reached' } }
  return checkReadiness(held, { 'identity provider': () => identityProvider().metadata() })
}
