import { z } from 'zod'
import { type BenchContext, rounds } from '#bench/bench-context.ts'
import { type Finding, ratioFinding } from '#bench/figures/finding.ts'
import { inRounds } from '#bench/figures/rounds.ts'
import { renderTarget } from '#bench/load/load.ts'
import { runGenerator } from '#bench/load/run-generator.ts'
import { type ContenderName, contenderNames, type GatewayScene, headersOf } from './gateway-scene.ts'

const reportSchema = z.object({ seconds: z.number(), bytes: z.number() })

/** reference/upgrade.go has the upstream's part of each. */
const kinds = [
  { name: 'exec, output', path: 'exec?command=cat&stdout=true', flags: [] },
  // The upstream confirms each 64 KiB by a byte.
  { name: 'cp to a pod', path: 'exec?command=tar&stdin=true', flags: ['-up', '-worth', '65536'] },
  { name: 'port-forward, there and back', path: 'portforward?ports=80', flags: ['-up'] },
] as const
type Kind = (typeof kinds)[number]

/**
 * Row 6: the throughput of one upgraded connection. Go’s proxy speaks HTTP/1.1 to the upstream, because HTTP/2 can’t
 * upgrade.
 */
export async function measureStreams(context: BenchContext, scene: GatewayScene): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const kind of kinds) {
    const run = (name: ContenderName) => () => carry(context, scene, name, kind)
    for (const name of ['gateway', 'goHttp1'] as const) await run(name)()
    const { gateway, goHttp1 } = await inRounds(rounds, { gateway: run('gateway'), goHttp1: run('goHttp1') })
    findings.push(
      ratioFinding(
        {
          row: '6',
          what: `${kind.name}: throughput, ${contenderNames.goHttp1}`,
          unit: 'MB/s',
          ours: gateway,
          reference: goHttp1,
        },
        { min: 0.5 },
      ),
    )
  }
  return findings
}

/** @returns megabytes per second */
async function carry(context: BenchContext, scene: GatewayScene, name: ContenderName, kind: Kind): Promise<number> {
  const { url } = await scene.contender(name)
  const target = `${url}/api/v1/namespaces/${scene.person.namespace}/pods/one/${kind.path}`
  const { report } = await runGenerator(
    context.reference,
    [
      ...['stream', ...renderTarget(target, scene.ground.caFile, headersOf(scene.person))],
      ...['-warm-up', '0.3s', '-duration', '0.7s', ...kind.flags],
    ],
    () => undefined,
  )
  const { bytes, seconds } = reportSchema.parse(report)
  return bytes / seconds / 1e6
}
