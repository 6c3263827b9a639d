import type { BenchContext } from '#bench/bench-context.ts'
import { brokenFinding, differenceFinding, type Finding, ratioFinding } from '#bench/figures/finding.ts'
import { median } from '#bench/figures/statistics.ts'
import { type ContenderName, contenderNames, type GatewayScene } from './gateway-scene.ts'
import { processorOf, runContenders } from './run-contenders.ts'

/** Row 4: a list of 10,000 namespaces, compared with the cheaper protocol of Go’s proxy. */
export async function measureList(context: BenchContext, scene: GatewayScene): Promise<Finding[]> {
  const names = ['gateway', 'goHttp1', 'goHttp2', 'goTuned'] as const
  const asked = { path: '/api/v1/namespaces', connections: 1, seconds: 1.5 }
  const { loads, missing } = await runContenders(context, scene, names, asked)
  for (const error of Object.values(missing)) return [brokenFinding('4', error)]
  const { gateway = [], goHttp1, goHttp2 } = loads
  const cheaper = median(processorOf(goHttp1)) < median(processorOf(goHttp2)) ? 'goHttp1' : 'goHttp2'
  const [first] = gateway
  const megabytes = first === undefined ? '?' : (first.bytes / first.whole.length / 1e6).toFixed(0)
  const what = `LIST of 10,000 namespaces (${megabytes} MB)`
  const processor = (name: ContenderName, max?: number) =>
    ratioFinding(
      {
        row: '4',
        what: `${what}: CPU, ${contenderNames[name]}`,
        unit: 'µs',
        ours: processorOf(gateway),
        reference: processorOf(loads[name]),
      },
      max === undefined ? undefined : { max },
    )
  return [
    processor(cheaper, 1),
    processor('goTuned'),
    differenceFinding(
      {
        row: '4',
        what: `${what}: first byte, ${contenderNames[cheaper]}`,
        unit: 'ms',
        ours: gateway.map(({ firstByte }) => median(firstByte)),
        reference: (loads[cheaper] ?? []).map(({ firstByte }) => median(firstByte)),
      },
      5,
    ),
  ]
}
