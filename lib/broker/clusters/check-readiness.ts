import type { Services } from '#lib/broker/use-case/context.ts'
import { readSchemaState } from '#lib/db/read-schema-state.ts'
import { pingCluster } from '#lib/kube/ping-cluster.ts'
import { describeFences } from './describe-fences.ts'

/** What a process needs before it may take traffic, and what else is to be known: each with `ok`, or what is wrong. */
export type Readiness = Record<string, string>

const longestWaitMs = 3_000

/**
 * @param more what else is told by name, each with its own words; it keeps nobody out of rotation, since what those who are
 *   signed in do goes on without it
 * @returns a word for each part; whether database and clusters are `ok`
 */
export async function checkReadiness(
  { db, clusters, clock }: Pick<Services, 'db' | 'clusters' | 'clock'>,
  more: Readonly<Record<string, () => Promise<string>>> = {},
): Promise<{ ready: boolean; parts: Readiness }> {
  const checks: Record<string, () => Promise<string>> = {
    async database() {
      const { migrated, unfinished } = await readSchemaState(db)
      if (migrated) return 'ok'
      return unfinished.length > 0
        ? `a migration is not finished: ${unfinished.join(', ')}`
        : 'the schema is not there yet: run npm run db:migrate'
    },
  }
  for (const name of clusters.names) checks[`cluster ${name}`] = () => pingCluster(clusters.get(name)).then(() => 'ok')
  // Told only: the portal is where one sees what the missing fences mean.
  const fences = clusters.names.map((name) => [`fences of ${name}`, () => describeFences({ db, clock }, name)] as const)
  const told = [...fences, ...Object.entries(more)]
  const [needed, known] = await Promise.all([judgeAll(Object.entries(checks)), judgeAll(told)])
  return { ready: Object.values(needed).every((word) => word === 'ok'), parts: { ...needed, ...known } }
}

const judgeAll = async (checks: readonly (readonly [name: string, check: () => Promise<string>])[]) =>
  Object.fromEntries(await Promise.all(checks.map(async ([name, check]) => [name, await judge(check)] as const)))

async function judge(check: () => Promise<string>): Promise<string> {
  const late = Promise.withResolvers<string>()
  const timer = setTimeout(() => late.resolve(`no answer within ${longestWaitMs / 1000} seconds`), longestWaitMs)
  try {
    // Never the error itself: it may name hosts and users, and whoever asks is not known.
    return await Promise.race([check().catch(() => 'cannot be reached'), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
