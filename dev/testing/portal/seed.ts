import { z } from 'zod'
import type { Stack } from '#dev/stack/stack-options.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { playScene } from '#dev/ui/play-scene.ts'
import { readSession } from '#lib/auth/session/read-session.ts'
import { readWebConfig } from '#lib/config/config.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { createCredential } from '#lib/features/credentials/use-cases/create-credential.ts'
import { requestRole } from '#lib/features/requests/use-cases/request-role.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { roles } from '#lib/kernel/model/access/role.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { noPlatformRole } from '#lib/kernel/model/people/platform-role.ts'
import { sizes } from '#lib/kernel/model/spaces/size.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'
import { openServices } from '#lib/kernel/use-case/open-services.ts'
import { wrapContext } from '#lib/kernel/use-case/wrap-context.ts'

/** A space to create as its owner, who has signed in once. */
export const seededSpaceSchema = z.object({
  /** Their email address. */
  owner: z.string(),
  name: z.string(),
  description: z.string().default(''),
  size: z.enum(sizes).default('S'),
  /** Each principal is the email address of someone who has signed in once, or `group:team-blue`. */
  members: z
    .array(z.object({ principal: z.string(), role: z.enum(roles), endsAt: z.coerce.date().nullable().default(null) }))
    .default([]),
})
export type SeededSpace = z.input<typeof seededSpaceSchema>

/** A kubeconfig to create as the person of a session. */
export const seededKubeconfigSchema = z.object({
  /** The session’s token. */
  session: z.string(),
  /** The space’s name. */
  space: z.string(),
})

/** A request for a role, sent as the person of a session. */
export const seededRequestSchema = z.object({
  session: z.string(),
  /** The space’s name. */
  space: z.string(),
  role: z.enum(roles),
  /** Null: with no end. */
  minutes: z.int().nullable(),
  reason: z.string(),
})
export type SeededRequest = z.input<typeof seededRequestSchema>

/** The sessions of the people of the scene (dev/ui/play-scene.ts). */
export const seededSceneSchema = z.object({
  sessions: z.object({ owner: z.string(), colleague: z.string(), requester: z.string(), admin: z.string() }),
})

const origin = { observer: 'web/seed', requestId: 'seed' } as const

/** Creates what browser tests begin with, by the portal’s use cases on the same stack. */
export function openSeed(stack: Stack) {
  const opening = () => {
    const config = readWebConfig(stack.env.web)
    return openServices('web', config, { url: config.SPACEPORT_GATEWAY_URL, caFile: config.GATEWAY_TLS_CA })
  }
  let opened: ReturnType<typeof opening> | undefined
  const open = () => {
    opened ??= opening()
    return opened
  }

  async function personOf({ db }: Services, address: string): Promise<Actor> {
    const { id, handle, name, email } = await db.user.findFirstOrThrow({ where: { email: address } })
    return { userId: id, handle, name, email, groups: [], ...noPlatformRole }
  }

  /** A use case waits for its work on the cluster, so that a test begins with the result. */
  async function openPatient(): Promise<Services> {
    const { services } = await open()
    return { ...services, patienceMs: 30_000, effectiveWithinMs: 30_000 }
  }

  let playing: Promise<string[]> | undefined

  async function contextOf(session: string) {
    const services = await openPatient()
    const live = await readSession(services, session, { touch: false })
    if (!live) throw new Error('no one is signed in')
    return wrapContext(services, live.actor, origin)
  }

  return {
    async space(given: SeededSpace): Promise<void> {
      const { owner, name, description, size, members } = seededSpaceSchema.parse(given)
      const services = await openPatient()
      const ctx = wrapContext(services, await personOf(services, owner), origin)
      const { settled } = await createSpace(ctx, { name, description, size, endsAt: null })
      if (!settled) throw new Error(`${name} is not ready`)
      for (const { principal, ...given } of members) {
        const person = principal.startsWith('group:') ? undefined : await personOf(services, principal)
        await addGrant(ctx, { space: { name }, principal: person ? `user:${person.handle}` : principal, ...given })
      }
    },
    /** @returns the kubeconfig */
    async kubeconfig({ session, space }: z.infer<typeof seededKubeconfigSchema>): Promise<string> {
      const { kubeconfig } = await createCredential(await contextOf(session), { space: { name: space } })
      return kubeconfig
    },
    /** @returns the request’s id */
    async request({ session, space, ...asked }: z.infer<typeof seededRequestSchema>): Promise<string> {
      const { id } = await requestRole(await contextOf(session), { space: { name: space }, ...asked })
      return id
    },
    /** Plays the scene of `npm run dev:ui`, once. */
    scene({ sessions }: z.infer<typeof seededSceneSchema>): Promise<string[]> {
      playing ??= (async () => {
        const [owner, colleague, requester, admin] = await Promise.all([
          contextOf(sessions.owner),
          contextOf(sessions.colleague),
          contextOf(sessions.requester),
          contextOf(sessions.admin),
        ])
        return playScene({ owner, colleague, requester, admin }, (...query) =>
          ownerSql(stack.ownerDatabaseUrl, ...query),
        )
      })()
      return playing
    },
    async close(): Promise<void> {
      const there = await opened
      await there?.close()
      await there?.services.clusters.close()
    },
  }
}
