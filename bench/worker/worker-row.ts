import type { BenchContext } from '#bench/bench-context.ts'
import { boundFinding, type Finding, ratioFinding } from '#bench/figures/finding.ts'
import { percentile } from '#bench/figures/statistics.ts'
import { seedSpaces } from '#bench/scene/seed-spaces.ts'
import { managedKinds } from '#lib/kube/objects/managed-kinds.ts'
import { fillCluster } from './fill-cluster.ts'
import { startQuietCluster } from './start-quiet-cluster.ts'
import { timeBareLists } from './time-bare-lists.ts'
import { timeRepairs } from './time-repairs.ts'
import { watchStart } from './watch-start.ts'

const spaces = 10_000
const repairs = 30

/**
 * Row 9: a worker starts with 10,000 spaces in sync: how long it takes to check them all, with how many calls, and that
 * it writes nothing. Then, how soon it repairs drift.
 */
export async function measureWorker(context: BenchContext): Promise<Finding[]> {
  context.say('row 9: filling a cluster')
  const cluster = await startQuietCluster(context)
  const seeded = await seedSpaces(context.stack, 'bench_worker', spaces)
  const namespaces = await fillCluster(cluster.etcd, seeded.ownerUrl)
  await cluster.etcd.close()
  await fillCaches(cluster.adminKubeconfig)
  const bare = await timeBareLists(cluster.adminKubeconfig)
  if (bare.objects < spaces * (managedKinds.length + 1)) throw new Error(`the cluster has only ${bare.objects} objects`)

  context.say('row 9: starting the worker')
  const start = await watchStart(context, cluster, seeded.urls.worker)
  context.say('row 9: repairs')
  const step = Math.floor(namespaces.length / repairs)
  const broken = namespaces.filter((_, at) => at % step === 0).slice(0, repairs)
  const times = await timeRepairs(cluster.adminKubeconfig, broken).finally(() => start.worker.stop())

  const what = `${spaces.toLocaleString('en')} spaces`
  const unfinished = start.atRest ? '' : ' (NOT finished)'
  const bound = (of: string, unit: string, value: number, bar?: number) =>
    boundFinding({ row: '9', what: `${what}: ${of}`, unit, ours: [value] }, bar)
  const checking = ratioFinding(
    {
      row: '9',
      what: `${what}: checking all${unfinished}, bare lists of ${bare.objects.toLocaleString('en')} objects`,
      unit: 'ms',
      ours: [start.checkedMs],
      reference: [bare.ms],
    },
    { max: 2 },
  )
  return [
    start.atRest ? checking : { ...checking, holds: false },
    bound(`worker start until all are checked${unfinished}`, 's', start.inSyncMs / 1_000, 10),
    bound(`calls (bare lists: ${bare.calls})`, 'calls', start.calls),
    bound('writes', 'writes', start.writes, 0),
    bound('worker, peak memory', 'MB', start.peakMegabytes, 300),
    bound(`drift repaired, p99 of ${repairs}`, 'ms', percentile(times, 0.99), 2_000),
  ]
}

/** Right after the bulk load the API server refuses lists for a while. */
async function fillCaches(kubeconfig: string): Promise<void> {
  for (let left = 10; ; left--) {
    try {
      await timeBareLists(kubeconfig)
      return
    } catch (error) {
      if (left === 0) throw error
      await new Promise((resolve) => setTimeout(resolve, 1_000))
    }
  }
}
