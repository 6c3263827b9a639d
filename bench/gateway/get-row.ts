import type { BenchContext } from '#bench/bench-context.ts'
import { brokenFinding, type Finding, ratioFinding } from '#bench/figures/finding.ts'
import { type ContenderName, contenderNames, type GatewayScene, objectPath } from './gateway-scene.ts'
import { processorOf, runContenders } from './run-contenders.ts'

const bars: readonly (readonly [ContenderName, number])[] = [
  ['goHttp2', 0.7],
  ['goTuned', 1],
  ['nginx', 1.8],
]

/** Row 1: processor time of one small GET, 32 at a time. */
export async function measureGet(context: BenchContext, scene: GatewayScene): Promise<Finding[]> {
  const names = ['gateway', ...bars.map(([name]) => name)] as const
  const asked = { path: objectPath(scene.person), connections: 32, seconds: 2 }
  const { loads, missing } = await runContenders(context, scene, names, asked)
  return bars.map(([name, max]) =>
    name in missing
      ? brokenFinding('1', missing[name])
      : ratioFinding(
          {
            row: '1',
            what: `gateway GET 0.9 kB, c=32: CPU, ${contenderNames[name]}`,
            unit: 'µs',
            ours: processorOf(loads.gateway),
            reference: processorOf(loads[name]),
          },
          { max },
        ),
  )
}
