import { type BenchContext, rounds } from './bench-context.ts'
import { brokenFinding, differenceFinding, type Finding, ratioFinding } from './finding.ts'
import type { Contender, GatewayScene } from './gateway-scene.ts'
import type { Load } from './load.ts'
import { inRounds } from './rounds.ts'
import { median, percentile } from './statistics.ts'

type Run = (contender: Contender) => () => Promise<Load>

const prepare =
  ({ generate }: BenchContext, { caFile }: GatewayScene, path: string, connections: number, seconds: number): Run =>
  (contender) =>
  () =>
    generate({
      url: contender.url + path,
      headers: contender.headers,
      caFile,
      connections,
      seconds,
      pids: contender.pids(),
    })

const processorOf = (loads: readonly Load[]) => loads.map((load) => load.processorMicros)

/** Row 1: processor time of one small GET, 32 at a time. */
export async function measureGet(context: BenchContext, scene: GatewayScene): Promise<Finding[]> {
  const run = prepare(context, scene, scene.objectPath, 32, 2)
  const nginx = await scene.nginx().catch((error: unknown) => brokenFinding('1', error))
  const contenders = {
    gateway: run(scene.gateway),
    go: run(scene.goHttp2),
    ...('url' in nginx && { nginx: run(nginx) }),
  }
  // Compilers warm up, connections open.
  for (const warm of Object.values(contenders)) await warm()
  const results = await inRounds<string, Load>(rounds, contenders)
  const ours = processorOf(results.gateway ?? [])
  const row = (what: string, reference: Load[] = [], most: number) =>
    ratioFinding({ row: '1', what, unit: 'µs', ours, reference: processorOf(reference) }, { most })
  return [
    row('gateway GET 0.9 kB, c=32: CPU, Go ReverseProxy (h2 up)', results.go, 1),
    'url' in nginx ? row('gateway GET 0.9 kB, c=32: CPU, nginx', results.nginx, 3.5) : nginx,
  ]
}

/** Row 2: what the gateway adds to a request that comes alone. */
export async function measureLatency(context: BenchContext, scene: GatewayScene): Promise<Finding[]> {
  const run = prepare(context, scene, scene.objectPath, 1, 1.5)
  await run(scene.gateway)()
  const { gateway, direct } = await inRounds(rounds, { gateway: run(scene.gateway), direct: run(scene.direct) })
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

/** Row 4: a list of 10,000 namespaces. Go's proxy is taken the way that costs it less. */
export async function measureList(context: BenchContext, scene: GatewayScene): Promise<Finding[]> {
  const run = prepare(context, scene, '/api/v1/namespaces', 1, 1.5)
  await run(scene.gateway)()
  const results = await inRounds(rounds, {
    gateway: run(scene.gateway),
    goHttp1: run(scene.goHttp1),
    goHttp2: run(scene.goHttp2),
  })
  const cheaper = median(processorOf(results.goHttp1)) < median(processorOf(results.goHttp2)) ? 'goHttp1' : 'goHttp2'
  const go = results[cheaper]
  const first = results.gateway[0]
  const megabytes = first === undefined ? '?' : (first.bytes / first.whole.length / 1e6).toFixed(0)
  const what = `LIST of 10,000 namespaces (${megabytes} MB)`
  const name = `Go ReverseProxy (${cheaper === 'goHttp1' ? 'h1' : 'h2'} up)`
  return [
    ratioFinding(
      {
        row: '4',
        what: `${what}: CPU, ${name}`,
        unit: 'µs',
        ours: processorOf(results.gateway),
        reference: processorOf(go),
      },
      { most: 2.3 },
    ),
    differenceFinding(
      {
        row: '4',
        what: `${what}: first byte, ${name}`,
        unit: 'ms',
        ours: results.gateway.map(({ firstByte }) => median(firstByte)),
        reference: go.map(({ firstByte }) => median(firstByte)),
      },
      5,
    ),
  ]
}
