import type { BenchContext } from '#bench/bench-context.ts'
import { boundFinding, type Finding, ratioFinding } from '#bench/figures/finding.ts'
import { percentile } from '#bench/figures/statistics.ts'
import { seedSpaces } from '#bench/scene/seed-spaces.ts'
import { managedKinds } from '#lib/kube/managed-kinds.ts'
import { fillCluster } from './fill-cluster.ts'
import { startQuietCluster } from './start-quiet-cluster.ts'
import { timeBareLists } from './time-bare-lists.ts'
import { timeRepairs } from './time-repairs.ts'
import { watchStart } from './watch-start.ts'

const spaces = 10_000
const repairs = 30

/**
 * Row 9: a worker starts while 10,000 spaces are as they are to be; how soon it has looked at them all, with how many
 * calls, and whether it leaves them alone. Then, how soon it repairs what somebody broke.
 */
export async function measureWorker(context: BenchContext): Promise<Finding[]> {
  context.say('row 9: filling a cluster')
  const cluster = await startQuietCluster(context)
  const seeded = await seedSpaces(context.stack, 'bench_worker', spaces)
  const namespaces = await fillCluster(cluster.etcd, seeded.ownerUrl)
  await cluster.etcd.close()
  // The API server fills its caches.
  await timeBareLists(cluster.adminKubeconfig)
  const bare = await timeBareLists(cluster.adminKubeconfig)
  if (bare.objects < spaces * (managedKinds.length + 1)) throw new Error(`the cluster has only ${bare.objects} objects`)

  context.say('row 9: starting the worker')
  const start = await watchStart(context, cluster, seeded.urls.worker)
  context.say('row 9: repairs')
  const step = Math.floor(namespaces.length / repairs)
  const broken = namespaces.filter((_, at) => at % step === 0).slice(0, repairs)
  const times = await timeRepairs(cluster.adminKubeconfig, broken).finally(() => start.worker.stop())

  const what = `${spaces.toLocaleString('en')} spaces`
  const unfinished = start.atRest ? '' : ' (NOT done when we stopped waiting)'
  const bound = (of: string, unit: string, value: number, bar?: number) =>
    boundFinding({ row: '9', what: `${what}: ${of}`, unit, ours: [value] }, bar)
  const looking = ratioFinding(
    {
      row: '9',
      what: `${what}: looking at all${unfinished}, bare lists of ${bare.objects.toLocaleString('en')} objects`,
      unit: 'ms',
      ours: [start.lookedMs],
      reference: [bare.ms],
    },
    { most: 2 },
  )
  return [
    start.atRest ? looking : { ...looking, holds: false },
    bound(`worker start until all is looked at${unfinished}`, 's', start.inSyncMs / 1_000, 10),
    bound(`calls about them (bare lists: ${bare.calls})`, 'calls', start.calls),
    bound('writes', 'writes', start.writes, 0),
    bound('worker, most memory', 'MB', start.mostMegabytes, 300),
    bound(`drift repaired, p99 of ${repairs}`, 'ms', percentile(times, 0.99), 2_000),
  ]
}
