import { randomUUID } from 'node:crypto'
import { readPeople } from '#dev/idp/people.ts'
import type { Stack } from '#dev/stack/stack-options.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { readWebConfig, readWorkerConfig } from '#lib/config/config.ts'
import { advanceReviews } from '#lib/features/reviews/use-cases/advance-reviews.ts'
import { saveReady } from '#lib/kernel/db/spaces/save-observed.ts'
import { platformRoleOf } from '#lib/kernel/model/access/role.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { platformRoleAt } from '#lib/kernel/model/people/platform-role.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'
import { openServices } from '#lib/kernel/use-case/open-services.ts'
import { wrapContext } from '#lib/kernel/use-case/wrap-context.ts'
import { playScene, unreadySpace } from './play-scene.ts'

async function addPeople(
  services: Services,
  groupsOf: Parameters<typeof platformRoleOf>[1],
): Promise<(username: string) => Actor> {
  const people = new Map<string, Actor>()
  for (const { username, sub, name, email, groups: theirs } of readPeople(undefined)) {
    const id = randomUUID()
    const platformRole = platformRoleOf(theirs ?? [], groupsOf)
    const { issuer } = services
    const row = { issuer, subject: sub, handle: username, name, email, platformRole } as const
    await services.db.user.create({
      data: { id, ...row, groups: { create: (theirs ?? []).map((group) => ({ group })) } },
    })
    const state = platformRoleAt({ issuer, platformRole, adminUntil: null }, services, services.clock())
    people.set(username, { userId: id, handle: username, name, email, groups: theirs ?? [], ...state })
  }
  return (username) => {
    const person = people.get(username)
    if (!person) throw new Error(`there is no ${username}`)
    return person
  }
}

/**
 * Fills an empty database of `npm run dev:ui` with the demo people and the scene. Does nothing if that was done before.
 */
export async function seedScene(stack: Stack): Promise<void> {
  const sql = (statement: string, values: readonly unknown[] = []) =>
    ownerSql(stack.ownerDatabaseUrl, statement, values)
  const [made] = await sql('SELECT FROM space LIMIT 1')
  if (made) return
  const webConfig = readWebConfig({ ...stack.env.web, LOG_LEVEL: 'fatal' })
  const [web, worker] = await Promise.all([
    openServices('web', webConfig),
    openServices('worker', readWorkerConfig({ ...stack.env.worker, LOG_LEVEL: 'fatal' })),
  ])
  const { services } = web
  try {
    const { SPACEPORT_ADMIN_GROUPS: adminGroups, SPACEPORT_AUDITOR_GROUPS: auditorGroups } = webConfig
    const person = await addPeople(services, { adminGroups, auditorGroups })
    const as = (username: string) =>
      wrapContext(services, person(username), { observer: 'web/ui', requestId: randomUUID() })
    const cast = { owner: as('alice'), colleague: as('bob'), requester: as('erin'), admin: as('carol') }
    const names = await playScene(cast, sql)
    // The fixed cluster refuses changes, so no space became ready.
    for (const name of names.filter((one) => one !== unreadySpace)) {
      const [row] = await sql('SELECT id, generation FROM space WHERE name = $1', [name])
      const seen = { generation: Number(row?.generation), namespaceUid: randomUUID(), steps: [], at: services.clock() }
      await saveReady(services.db, String(row?.id), seen)
    }
    await advanceReviews({ ...worker.services, origin: { observer: 'worker/ui', requestId: 'scene' } })
  } finally {
    await Promise.all([web.close(), worker.close()])
    await Promise.all([services.clusters.close(), worker.services.clusters.close()])
  }
}
