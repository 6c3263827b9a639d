import { z } from 'zod'
import { type BenchContext, rounds, warmUpSeconds } from '#bench/bench-context.ts'
import { brokenFinding, type Finding, ratioFinding } from '#bench/figures/finding.ts'
import { inRounds } from '#bench/figures/rounds.ts'
import { renderTarget } from '#bench/load/load.ts'
import { runGenerator } from '#bench/load/run-generator.ts'
import { processorSeconds } from '#bench/machine/processor-time.ts'
import { type ContenderName, contenderNames, type GatewayScene, headersOf, objectPath } from './gateway-scene.ts'

const connections = 4

const reportSchema = z.object({ requests: z.number(), group: z.string(), version: z.string() })
type Handshakes = { micros: number; agreed: string }
type Offer = 'everything' | 'classic'

/**
 * Row 3: one request per TLS connection, like a kubectl command. The table shows the key-exchange group, because the
 * gateway may negotiate a post-quantum one that nginx’s OpenSSL lacks. So it is also measured with a client that offers
 * only X25519.
 */
export async function measureHandshakes(context: BenchContext, scene: GatewayScene): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const offer of ['everything', 'classic'] as const) {
    const run = (name: ContenderName) => (seconds: number, warmUp: number) =>
      makeHandshakes(context, scene, { name, offer, seconds, warmUp })
    const names = ['gateway', 'nginx', 'goHttp2'] as const
    try {
      for (const name of names) await run(name)(0.1, offer === 'everything' ? warmUpSeconds : 1)
      const { gateway, nginx, goHttp2 } = await inRounds(rounds, {
        gateway: () => run('gateway')(1, 0.2),
        nginx: () => run('nginx')(1, 0.2),
        goHttp2: () => run('goHttp2')(1, 0.2),
      })
      const row = (name: ContenderName, reference: Handshakes[], max?: number) =>
        ratioFinding(
          {
            row: '3',
            what: `request and TLS connection, c=${connections}: CPU, ${contenderNames[name]} (${gateway[0]?.agreed}, ${reference[0]?.agreed})`,
            unit: 'µs',
            ours: gateway.map(({ micros }) => micros),
            reference: reference.map(({ micros }) => micros),
          },
          max === undefined ? undefined : { max },
        )
      findings.push(row('nginx', nginx, offer === 'everything' ? 2 : undefined), row('goHttp2', goHttp2))
    } catch (error) {
      findings.push(brokenFinding('3', error))
    }
  }
  return findings
}

async function makeHandshakes(
  { reference }: BenchContext,
  scene: GatewayScene,
  { name, offer, seconds, warmUp }: { name: ContenderName; offer: Offer; seconds: number; warmUp: number },
): Promise<Handshakes> {
  const { url, pids } = await scene.contender(name)
  const { report, before, after } = await runGenerator(
    reference,
    [
      ...['handshakes', ...renderTarget(url + objectPath(scene.person), scene.ground.caFile, headersOf(scene.person))],
      ...['-connections', String(connections), '-warm-up', `${warmUp}s`, '-duration', `${seconds}s`],
      `-classic=${offer === 'classic'}`,
    ],
    () => processorSeconds(pids()),
  )
  const { requests, group, version } = reportSchema.parse(report)
  return { micros: ((after - before) / requests) * 1e6, agreed: `${version} ${group}` }
}
