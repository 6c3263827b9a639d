import { type BenchContext, rounds, warmUpSeconds } from '#bench/bench-context.ts'
import { type Finding, ratioFinding } from '#bench/figures/finding.ts'
import { inRounds } from '#bench/figures/rounds.ts'
import type { Load } from '#bench/load/load.ts'
import { insertPerson } from '#bench/scene/insert-person.ts'
import { contenderNames, type GatewayScene, objectPath } from './gateway-scene.ts'
import { loadOf, processorOf } from './run-contenders.ts'

const counts = [1, 50, 500] as const
const seconds = 0.6

/**
 * The cost of having many spaces: listing one’s own namespaces, which the gateway filters by a selector, and a small
 * GET in one of them. Reported without a bar.
 */
export async function measureManySpaces(context: BenchContext, scene: GatewayScene): Promise<Finding[]> {
  const gateway = await scene.contender('gateway')
  const go = await scene.contender('goHttp2')
  const list = (count: number) => `/api/v1/namespaces?limit=${count}`
  const runs: Record<string, () => Promise<Load>> = {}
  for (const count of counts) {
    const person = await insertPerson(scene.ground.database.ownerUrl, count)
    const theirs = { ...scene, person }
    const run = (contender: typeof go, path: string, connections: number) => () =>
      loadOf(context, theirs, contender, { path, connections, seconds })
    runs[`list ${count}`] = run(gateway, list(count), 8)
    runs[`go list ${count}`] = run(go, list(count), 8)
    runs[`get ${count}`] = run(gateway, objectPath(person), 32)
    for (const contender of [gateway, go])
      await loadOf(context, theirs, contender, { path: list(count), connections: 8, seconds: 0.1 }, warmUpSeconds / 3)
  }
  const results = await inRounds<string, Load>(rounds, runs)
  const row = (what: string, ours: string, reference: string) =>
    ratioFinding({
      row: 'spaces',
      what,
      unit: 'µs',
      ours: processorOf(results[ours]),
      reference: processorOf(results[reference]),
    })
  return [
    ...counts.map((count) =>
      row(
        `list of one’s ${count} namespaces, c=8: CPU, ${contenderNames.goHttp2}`,
        `list ${count}`,
        `go list ${count}`,
      ),
    ),
    ...counts
      .slice(1)
      .map((count) => row(`GET by a person with ${count} spaces, c=32: CPU, with 1`, `get ${count}`, 'get 1')),
  ]
}
