import { type BenchContext, rounds, warmUpSeconds } from '#bench/bench-context.ts'
import { differenceFinding, type Finding } from '#bench/figures/finding.ts'
import { inRounds } from '#bench/figures/rounds.ts'
import { percentile } from '#bench/figures/statistics.ts'
import { type GatewayScene, objectPath } from './gateway-scene.ts'
import { loadOf } from './run-contenders.ts'

/** Row 2: the latency that the gateway adds to a single request. */
export async function measureLatency(context: BenchContext, scene: GatewayScene): Promise<Finding[]> {
  const asked = { path: objectPath(scene.person), connections: 1, seconds: 1.5 }
  const contender = await scene.contender('gateway')
  await loadOf(context, scene, contender, asked, warmUpSeconds)
  const { gateway, direct } = await inRounds(rounds, {
    gateway: () => loadOf(context, scene, contender, asked),
    direct: () => loadOf(context, scene, scene.direct, asked),
  })
  const row = (name: string, share: number, bar: number) =>
    differenceFinding(
      {
        row: '2',
        what: `gateway added latency, c=1: ${name}, direct`,
        unit: 'ms',
        ours: gateway.map(({ whole }) => percentile(whole, share)),
        reference: direct.map(({ whole }) => percentile(whole, share)),
      },
      bar,
    )
  return [row('p50', 0.5, 0.25), row('p99', 0.99, 1)]
}
