import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { createCredentialForAll } from '#lib/features/credentials/use-cases/create-credential.ts'
import { offerSpace } from '#lib/features/offers/use-cases/offer-space.ts'
import { requestRole } from '#lib/features/requests/use-cases/request-role.ts'
import { requestSize } from '#lib/features/requests/use-cases/request-size.ts'
import { requestSpace } from '#lib/features/requests/use-cases/request-space.ts'
import { startReview } from '#lib/features/reviews/use-cases/start-review.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import type { Size } from '#lib/kernel/model/spaces/size.ts'
import type { CallerContext } from '#lib/kernel/use-case/caller-context.ts'
import { busyNamespace } from './fixed-objects.ts'

const day = 86_400_000

/** The contexts of two owners of spaces, a person without a role, and a platform admin. */
type Cast = Readonly<Record<'owner' | 'colleague' | 'requester' | 'admin', CallerContext>>

/** `npm run dev:ui` shows it while it is created. */
export const unreadySpace = 'legacy-reports'

type SceneSpace = { name: string; of: 'owner' | 'colleague'; description: string; size: Size; endsInDays?: number }

const spaces: readonly SceneSpace[] = [
  { name: busyNamespace, of: 'owner', description: 'With a copy of last night’s data', size: 'M' },
  {
    name: 'payments-staging',
    of: 'owner',
    description: 'Payments, before each release',
    size: 'S',
    endsInDays: 3,
  },
  { name: 'sandbox', of: 'owner', description: '', size: 'S', endsInDays: 20 },
  { name: 'search-index', of: 'colleague', description: 'Rebuilds the index every night', size: 'M' },
  { name: unreadySpace, of: 'colleague', description: 'Monthly reports, until they move', size: 'S' },
]

/**
 * Fills the portal by its use cases: spaces in several states, and what waits for each of four people. For
 * `npm run dev:ui`, and for the browser tests that look at every page.
 * @param sql runs a statement as the owner of the database
 * @returns the names of the spaces, the one with workloads first
 */
export async function playScene(
  { owner, colleague, requester, admin }: Cast,
  sql: (statement: string, values: readonly unknown[]) => Promise<unknown>,
): Promise<string[]> {
  const now = owner.now.getTime()
  for (const { of, endsInDays, ...space } of spaces) {
    const endsAt = endsInDays === undefined ? null : new Date(now + endsInDays * day)
    await createSpace(of === 'owner' ? owner : colleague, { ...space, endsAt })
  }
  const checkout = { name: busyNamespace }
  const colleagueHandle = `user:${colleague.actor.handle}`
  await addGrant(owner, { space: checkout, principal: colleagueHandle, role: 'editor' })
  await addGrant(owner, { space: checkout, principal: 'group:team-blue', role: 'viewer' })
  const later = new Date(now + 60 * day)
  await addGrant(owner, { space: checkout, principal: 'group:team-violet', role: 'admin', endsAt: later })
  await requestRole(requester, { space: checkout, role: 'editor', minutes: 1_440, reason: 'On call this week' })
  await requestSize(owner, { space: checkout, size: 'L', reason: 'A load test before the sale' })
  const loadTest = { name: 'load-test', description: '', size: 'L' as const, endsAt: null }
  await requestSpace(colleague, { ...loadTest, reason: 'Two weeks of load' })
  await offerSpace(owner, { space: { name: 'payments-staging' }, to: colleagueHandle })
  await createCredentialForAll(owner, {})
  const dueAt = new Date(now + 7 * day)
  await startReview(admin, { name: 'Quarterly review', spaces: [checkout.name], dueAt, undecided: 'keep' })
  await addWeekOfUsage(sql, checkout.name)
  return spaces.map(({ name }) => name)
}

/** Adds a week of usage until now: a reading every ten minutes, of which nine in a row are missing. */
export const addWeekOfUsage = (sql: Parameters<typeof playScene>[1], space: string): Promise<unknown> =>
  sql(
    `INSERT INTO usage_sample (at, space_id, used, hard)
     SELECT t.at, s.id, ARRAY[1 + 0.5 * sin(t.n / 9.0), 4 + 3 * cos(t.n / 7.0), 2147483648, 6442450944 + t.n * 1048576, 7 + t.n % 5, 10737418240]::real[],
       '{2,13,4294967296,13958643712,20,21474836480}'
     FROM space s, LATERAL (
       SELECT date_bin('10 minutes', now(), '2026-01-01') - n * interval '10 minutes' AS at, n
       FROM generate_series(1, 1008) AS n WHERE n NOT BETWEEN 40 AND 48) t
     WHERE s.name = $1 ON CONFLICT (at, space_id) DO NOTHING`,
    [space],
  )
