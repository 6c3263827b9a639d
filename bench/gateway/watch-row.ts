import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type BenchContext, warmUpSeconds } from '#bench/bench-context.ts'
import { differenceFinding, type Finding, ratioFinding } from '#bench/figures/finding.ts'
import { inRounds } from '#bench/figures/rounds.ts'
import { renderTarget } from '#bench/load/load.ts'
import { runGenerator } from '#bench/load/run-generator.ts'
import { processorSeconds } from '#bench/machine/processor-time.ts'
import { insertPerson } from '#bench/scene/insert-person.ts'
import { residentMegabytes } from '#dev/process/resident-megabytes.ts'
import { contenderNames, type GatewayScene, objectPath } from './gateway-scene.ts'
import { loadOf } from './run-contenders.ts'
import { type ServerUnderTest, startGateway, startGo } from './start-processes.ts'

const people = 40
const watchesEach = 50
const seconds = 4
/** Fewer than elsewhere: each round opens 2,000 connections to a new process. */
const rounds = 3

const reportSchema = z.object({ events: z.number(), p50: z.number(), p99: z.number() })
type Watches = { kilobytesEach: number; microsPerEvent: number; p99: number }

/** Row 5: 2,000 open watches of 40 people, each with one event a second. */
export async function measureWatches(context: BenchContext, scene: GatewayScene): Promise<Finding[]> {
  const requests = join(context.dir, 'watches.txt')
  const lines: string[] = []
  for (let i = 0; i < people; i++) {
    const { token, namespace } = await insertPerson(scene.ground.database.ownerUrl)
    for (let n = 0; n < watchesEach; n++) lines.push(`/api/v1/namespaces/${namespace}/pods?watch=true ${token}`)
  }
  writeFileSync(requests, `${lines.join('\n')}\n`)

  // All clients share one address, as behind a proxy.
  const settings = { GATEWAY_CONNECTIONS_PER_SOURCE: '0' }
  const { gateway, go } = await inRounds(rounds, {
    gateway: async () => follow(context, scene, await startGateway(context, scene.ground, settings), requests),
    go: async () =>
      follow(context, scene, await startGo(context, scene.ground, { http2: true, tuned: false }), requests),
  })
  const row = (what: string, unit: string, name: keyof Watches) => ({
    row: '5',
    what: `${lines.length.toLocaleString('en')} open watches: ${what}, ${contenderNames.goHttp2}`,
    unit,
    ours: gateway.map((each) => each[name]),
    reference: go.map((each) => each[name]),
  })
  return [
    ratioFinding(row('memory each', 'kB', 'kilobytesEach'), { max: 1 }),
    ratioFinding(row('CPU per event', 'µs', 'microsPerEvent'), { max: 1.2 }),
    differenceFinding(row('delay p99', 'ms', 'p99'), 10),
  ]
}

/** Processes don't return memory, so each round starts a new one. */
async function follow(
  context: BenchContext,
  scene: GatewayScene,
  contender: ServerUnderTest,
  requests: string,
): Promise<Watches> {
  try {
    await loadOf(
      context,
      scene,
      contender,
      { path: objectPath(scene.person), connections: 8, seconds: 0.1 },
      warmUpSeconds / 2,
    )
    const pids = contender.pids()
    const resident = () => pids.reduce((sum, pid) => sum + residentMegabytes(pid), 0)
    const empty = resident()
    const { report, before, after } = await runGenerator(
      context.reference,
      [
        ...['watch', ...renderTarget(contender.url, scene.ground.caFile, [])],
        ...['-requests', requests, '-duration', `${seconds}s`],
      ],
      () => ({ used: processorSeconds(pids), resident: resident() }),
    )
    const { events, p99 } = reportSchema.parse(report)
    return {
      kilobytesEach: ((after.resident - empty) * 1_024) / (people * watchesEach),
      microsPerEvent: ((after.used - before.used) / events) * 1e6,
      p99,
    }
  } finally {
    await contender.stop()
  }
}
