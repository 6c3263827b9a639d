import { type BenchContext, rounds, warmUpSeconds } from '#bench/bench-context.ts'
import { boundFinding, type Finding, ratioFinding } from '#bench/figures/finding.ts'
import { inRounds } from '#bench/figures/rounds.ts'
import { median, percentile } from '#bench/figures/statistics.ts'
import { createReadySpace } from '#bench/scene/scene.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { openBareConnection } from './bare-create.ts'

const perRound = 10
const atOnce = 20
/** Twenty spaces take less than a second, too short to compare. */
const batches = 3

/**
 * Row 7: from the request for a space until its owner has access, within limits that the cluster counts: the use case
 * with its transaction, trail and lock, against the bare calls. All people are known on the cluster, so neither side
 * creates their ServiceAccounts.
 */
export async function measureCreate({ scene, stack, say }: BenchContext): Promise<Finding[]> {
  const owners = await Promise.all(Array.from({ length: atOnce }, () => scene.person()))
  const connections = owners.map(() => openBareConnection(stack.brokerKubeconfig))
  const pairs = owners.flatMap((owner, index) => {
    const connection = connections[index]
    return connection === undefined ? [] : [{ owner, connection }]
  })
  const ours = ({ owner }: (typeof pairs)[number]) => createReadySpace(scene.services, owner, uniqueName('bench'))
  const bare = ({ owner, connection }: (typeof pairs)[number]) => connection.create(owner, uniqueName('bench'))
  try {
    for (const create of [ours, bare]) {
      const settled = performance.now() + warmUpSeconds * 1_000
      while (performance.now() < settled) await Promise.all(pairs.map(create))
    }

    say('row 7: one after another')
    const [first] = pairs
    if (first === undefined) throw new Error('no one creates spaces')
    const oneByOne = (create: typeof ours) => async () => {
      const times: number[] = []
      for (let i = 0; i < perRound; i++) times.push(await timed(() => create(first)))
      return times
    }
    const lone = await inRounds(rounds, { ours: oneByOne(ours), bare: oneByOne(bare) })

    say('row 7: 20 at once')
    const together = (create: typeof ours) => async () => {
      const took = await timed(async () => {
        for (let i = 0; i < batches; i++) await Promise.all(pairs.map(create))
      })
      return ((atOnce * batches) / took) * 1_000
    }
    const many = await inRounds(rounds, { ours: together(ours), bare: together(bare) })

    return [
      ratioFinding(
        {
          row: '7',
          what: 'create a space until usable: p50, bare calls one after another',
          unit: 'ms',
          ours: lone.ours.map(median),
          reference: lone.bare.map(median),
        },
        { max: 1.3 },
      ),
      boundFinding(
        { row: '7', what: 'create a space until usable: p99', unit: 'ms', ours: [percentile(lone.ours.flat(), 0.99)] },
        1_000,
      ),
      ratioFinding(
        {
          row: '7',
          what: 'create 20 at once: spaces per second, bare calls 20 at once',
          unit: '/s',
          ours: many.ours,
          reference: many.bare,
        },
        { min: 0.8 },
      ),
    ]
  } finally {
    await Promise.all(connections.map((connection) => connection.close()))
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
