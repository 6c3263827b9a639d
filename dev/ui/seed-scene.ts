import { randomUUID } from 'node:crypto'
import { readPeople } from '#dev/idp/people.ts'
import type { Stack } from '#dev/stack/stack-options.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { readWebConfig, readWorkerConfig } from '#lib/config/config.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { createCredentialForAll } from '#lib/features/credentials/use-cases/create-credential.ts'
import { offerSpace } from '#lib/features/offers/use-cases/offer-space.ts'
import { requestRole } from '#lib/features/requests/use-cases/request-role.ts'
import { requestSize } from '#lib/features/requests/use-cases/request-size.ts'
import { requestSpace } from '#lib/features/requests/use-cases/request-space.ts'
import { advanceReviews } from '#lib/features/reviews/use-cases/advance-reviews.ts'
import { startReview } from '#lib/features/reviews/use-cases/start-review.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { saveReady } from '#lib/kernel/db/spaces/save-observed.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { platformRoleAt } from '#lib/kernel/model/people/platform-role.ts'
import type { Size } from '#lib/kernel/model/spaces/size.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'
import { openServices } from '#lib/kernel/use-case/open-services.ts'
import { wrapContext } from '#lib/kernel/use-case/wrap-context.ts'
import { busyNamespace } from './fixed-objects.ts'

const day = 86_400_000
type Wanted = { name: string; owner: string; description: string; size: Size; endsInDays?: number; ready: boolean }

const spaces: readonly Wanted[] = [
  { name: busyNamespace, owner: 'alice', description: 'Checkout of the web shop, staging', size: 'M', ready: true },
  {
    name: 'payments-staging',
    owner: 'alice',
    description: 'Payments, with last night’s data',
    size: 'S',
    endsInDays: 3,
    ready: true,
  },
  { name: 'alice-sandbox', owner: 'alice', description: '', size: 'S', endsInDays: 20, ready: true },
  { name: 'search-index', owner: 'bob', description: 'Rebuilds the index every night', size: 'M', ready: true },
  { name: 'legacy-reports', owner: 'bob', description: 'Monthly reports, until they move', size: 'S', ready: false },
]

async function addPeople(services: Services): Promise<(username: string) => Actor> {
  const people = new Map<string, Actor>()
  for (const { username, sub, name, email, groups } of readPeople(undefined)) {
    const id = randomUUID()
    const platformRole = groups?.includes('platform-admins')
      ? 'admin'
      : groups?.includes('auditors')
        ? 'auditor'
        : 'member'
    const { issuer } = services
    const row = { issuer, subject: sub, handle: username, name, email, platformRole } as const
    await services.db.user.create({
      data: { id, ...row, groups: { create: (groups ?? []).map((group) => ({ group })) } },
    })
    const state = platformRoleAt({ issuer, platformRole, adminUntil: null }, services, services.clock())
    people.set(username, { userId: id, handle: username, name, email, groups: groups ?? [], ...state })
  }
  return (username) => {
    const person = people.get(username)
    if (!person) throw new Error(`there is no ${username}`)
    return person
  }
}

/**
 * Fills an empty database by the portal’s use cases: spaces in every state, and what waits for each of the demo people.
 * Does nothing if that was done before.
 */
export async function seedScene(stack: Stack): Promise<void> {
  const owner = (statement: string, values: readonly unknown[] = []) =>
    ownerSql(stack.ownerDatabaseUrl, statement, values)
  const [made] = await owner('SELECT FROM space LIMIT 1')
  if (made) return
  const [web, worker] = await Promise.all([
    openServices('web', readWebConfig({ ...stack.env.web, LOG_LEVEL: 'fatal' })),
    openServices('worker', readWorkerConfig({ ...stack.env.worker, LOG_LEVEL: 'fatal' })),
  ])
  const { services } = web
  try {
    const person = await addPeople(services)
    const as = (username: string) =>
      wrapContext(services, person(username), { observer: 'web/ui', requestId: randomUUID() })
    const now = services.clock().getTime()
    for (const { name, owner: username, description, size, endsInDays } of spaces) {
      const endsAt = endsInDays === undefined ? null : new Date(now + endsInDays * day)
      await createSpace(as(username), { name, description, size, endsAt })
    }
    const checkout = { name: busyNamespace }
    await addGrant(as('alice'), { space: checkout, principal: 'user:bob', role: 'editor' })
    await addGrant(as('alice'), { space: checkout, principal: 'group:team-blue', role: 'viewer' })
    // The fixed cluster refuses changes, so no space became ready.
    for (const { name } of spaces.filter(({ ready }) => ready)) {
      const [row] = await owner('SELECT id, generation FROM space WHERE name = $1', [name])
      const seen = { generation: Number(row?.generation), namespaceUid: randomUUID(), steps: [], at: services.clock() }
      await saveReady(services.db, String(row?.id), seen)
    }
    await requestRole(as('erin'), { space: checkout, role: 'editor', minutes: 1_440, reason: 'On call this week' })
    await requestSize(as('alice'), { space: checkout, size: 'L', reason: 'A load test before the sale' })
    await requestSpace(as('bob'), {
      name: 'load-test',
      description: '',
      size: 'L',
      endsAt: null,
      reason: 'Two weeks of load',
    })
    await offerSpace(as('alice'), { space: { name: 'payments-staging' }, to: 'user:bob' })
    await createCredentialForAll(as('alice'), {})
    const dueAt = new Date(now + 7 * day)
    await startReview(as('carol'), { name: 'Quarterly review', spaces: [busyNamespace], dueAt, undecided: 'keep' })
    await advanceReviews({ ...worker.services, origin: { observer: 'worker/ui', requestId: 'scene' } })
    await owner(
      `INSERT INTO usage_sample (at, space_id, used, hard)
       SELECT date_trunc('hour', now()) - n * interval '10 minutes', s.id,
         ARRAY[1 + 0.5 * sin(n / 9.0), 4 + 3 * cos(n / 7.0), 2147483648, 6442450944 + n * 1048576, 7 + n % 5, 10737418240]::real[],
         '{2,13,4294967296,13958643712,20,21474836480}'
       FROM space s, generate_series(1, 1008) n WHERE s.name = $1`,
      [busyNamespace],
    )
  } finally {
    await Promise.all([web.close(), worker.close()])
    await Promise.all([services.clusters.close(), worker.services.clusters.close()])
  }
}
