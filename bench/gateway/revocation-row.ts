import { randomUUID } from 'node:crypto'
import type { BenchContext } from '#bench/bench-context.ts'
import { boundFinding, type Finding } from '#bench/figures/finding.ts'
import { percentile } from '#bench/figures/statistics.ts'
import { insertCredential } from '#bench/scene/insert-person.ts'
import { openPortalServices } from '#bench/scene/scene.ts'
import { revokeCredential } from '#lib/features/credentials/use-cases/revoke-credential.ts'
import { wrapContext } from '#lib/kernel/use-case/wrap-context.ts'
import type { GatewayScene } from './gateway-scene.ts'
import { startDeafProxy } from './start-deaf-proxy.ts'
import { startGateway } from './start-processes.ts'
import { type Revocation, timeRevocation } from './time-revocation.ts'

const trials = 30
/** In parallel, because each takes seconds. */
const deafTrials = 10

/**
 * Row 10: how long two gateways accept a credential after its revocation in the portal, with and without Postgres’
 * notifications.
 */
export async function measureRevocation(context: BenchContext, { ground, person }: GatewayScene): Promise<Finding[]> {
  const { ownerUrl, urls } = ground.database
  const database = new URL(urls.gateway)
  const proxy = await startDeafProxy({ host: database.hostname, port: Number(database.port) })
  const settings = {
    DATABASE_URL: Object.assign(new URL(database), { hostname: '127.0.0.1', port: String(proxy.port) }).href,
  }
  const portal = await openPortalServices(context.stack, urls.web)
  const gateways = [await startGateway(context, ground, settings), await startGateway(context, ground, settings)]
  try {
    const roleState = { platformRole: 'member', isEligible: false, adminUntil: null, isBreakGlass: false } as const
    const actor = { ...person, name: person.handle, email: '', groups: [], ...roleState }
    const tryOnce = async (): Promise<Revocation> => {
      const { id, token } = await insertCredential(ownerUrl, person.userId)
      const origin = {
        observer: 'web/bench',
        requestId: randomUUID(),
        sourceAddress: '127.0.0.1',
        userAgent: 'bench',
      } as const
      return timeRevocation({ gateways, caFile: ground.caFile }, { ...person, token }, () =>
        revokeCredential(wrapContext(portal.services, actor, origin), { id }),
      )
    }
    // Compilers warm up, pools fill.
    await tryOnce()
    const heard: Revocation[] = []
    for (let trial = 0; trial < trials; trial++) heard.push(await tryOnce())
    proxy.deafen()
    const unheard = await Promise.all(
      Array.from({ length: deafTrials }, async (_, at) => {
        // Spread over the periods of the cache and the sweep.
        await new Promise((resolve) => setTimeout(resolve, at * 300))
        return tryOnce()
      }),
    )
    const row = (what: string, of: readonly Revocation[], name: keyof Revocation, bar: number) =>
      boundFinding(
        {
          row: '10',
          what: `revocation at two gateways: ${what}, p99`,
          unit: 'ms',
          ours: [
            percentile(
              of.map((each) => each[name]),
              0.99,
            ),
          ],
        },
        bar,
      )
    return [
      row('requests let in for', heard, 'letIn', 250),
      row('watches open for', heard, 'cut', 1_000),
      row('with notifications lost, requests let in for', unheard, 'letIn', 5_000),
      row('with notifications lost, watches open for', unheard, 'cut', 5_000),
    ]
  } finally {
    await Promise.all(gateways.map((gateway) => gateway.stop()))
    await portal.close()
    await proxy.close()
  }
}
