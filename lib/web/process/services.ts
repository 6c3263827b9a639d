import 'server-only'
import type { Services } from '#lib/kernel/use-case/context.ts'
import { openServices } from '#lib/kernel/use-case/open-services.ts'
import { processValue } from '#lib/observability/process-value.ts'
import { identityProviders } from './identity-provider.ts'
import { webConfig } from './web-config.ts'

type Opened = Awaited<ReturnType<typeof openServices>>

const cache = () => processValue<{ opened: Promise<Opened> | undefined }>('services', () => ({ opened: undefined }))

/**
 * The services of the web process, opened on first use. After a failed attempt (the database isn't up yet), the next
 * call tries again.
 */
export async function services(): Promise<Services> {
  const current = cache()
  if (!current.opened) {
    const config = webConfig()
    const [, ...further] = identityProviders()
    const opening = openServices(
      'web',
      config,
      { url: config.SPACEPORT_GATEWAY_URL, caFile: config.GATEWAY_TLS_CA },
      further.map(({ settings: { id, name, issuer } }) => ({ id, name, issuer })),
    )
    current.opened = opening
    opening.catch(() => {
      if (current.opened === opening) current.opened = undefined
    })
  }
  return (await current.opened).services
}

export async function closeServices(): Promise<void> {
  const current = cache()
  const opened = await current.opened?.catch(() => undefined)
  current.opened = undefined
  await opened?.close()
}
