import { readFurtherProviders } from '#lib/config/further-providers.ts'
import type { Area } from './check.ts'
import { explain } from './explain.ts'
import { bad } from './finding.ts'
import { type ProviderSettings, provider } from './provider.ts'

/**
 * The additional providers: each is checked like the main one, with its own entry.
 * @param path the file of SPACEPORT_FURTHER_PROVIDERS; empty: there are none
 */
export function furtherProviders(path: string, main: ProviderSettings): Area[] {
  try {
    return readFurtherProviders(path, main.issuer ?? '').map(({ id, issuer, clientId, groupsClaim }) =>
      provider({ ...main, id, issuer, clientId, groupsClaim }),
    )
  } catch (error) {
    // Web doesn’t start with it.
    const why = explain(error).replace(/^Spaceport cannot start:\s+- /, '')
    const remedy = 'run this where the file and its secrets are, as for web (docs/several-providers.md)'
    const run = () => Promise.resolve(bad(why, remedy))
    return [{ title: 'Further identity providers', checks: [{ about: 'The file', remedy, run }] }]
  }
}
