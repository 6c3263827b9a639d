import { z } from 'zod'
import { findCredentialStory, findSpaceStory } from '#lib/features/audit/db/stories.ts'
import { auditCursor } from '#lib/features/audit/model/audit-filter.ts'
import type { AuditPage } from '#lib/features/audit/model/audit-view.ts'
import type { StoryHead } from '#lib/features/audit/model/story-view.ts'
import { findPerson } from '#lib/kernel/db/people/find-person.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { sessionIdleSince } from '#lib/kernel/model/people/session-life.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { pageOf } from './list-audit.ts'

type Story = { head: StoryHead; page: AuditPage }

/** The part of a trail filter that selects the events of a story. */
type StoryFilter = { spaceId: string } | { credentialId: string }

const before = auditCursor.optional()
const byId = z.strictObject({ id: z.uuid(), before })

export const personStoryInput = z.strictObject({ handle: z.string().regex(/^[a-z0-9-]{1,60}$/), before })
export const thingStoryInput = byId

/**
 * @returns a person's actions and changes to them, newest first
 * @throws AppError not_found
 */
export const readPersonStory = viewPlatform({
  permission: 'list-audit',
  input: personStoryInput,
  read: async ({ ctx, input: { handle, before: start } }): Promise<AuditPage> => {
    const at = ctx.clock()
    const person = await findPerson(ctx.pool, handle, { at, idleSince: sessionIdleSince(at) })
    if (!person) throw new AppError('not_found')
    return pageOf(ctx, { personId: person.id, before: start })
  },
})

/**
 * @returns the events of a space, deleted or not, newest first
 * @throws AppError not_found
 */
export const readSpaceStory = viewPlatform({
  permission: 'list-audit',
  input: byId,
  read: ({ ctx, input: { id, before: start } }) =>
    story<'spaces'>(ctx, start, async () => {
      const space = await findSpaceStory(ctx.pool, id)
      return space && { head: { of: 'spaces', space }, filter: { spaceId: id } }
    }),
})

/**
 * @returns the uses and changes of a credential, newest first
 * @throws AppError not_found
 */
export const readCredentialStory = viewPlatform({
  permission: 'list-audit',
  input: byId,
  read: ({ ctx, input: { id, before: start } }) =>
    story<'credentials'>(ctx, start, async () => {
      const credential = await findCredentialStory(ctx.pool, id)
      return credential && { head: { of: 'credentials', credential }, filter: { credentialId: id } }
    }),
})

async function story<K extends StoryHead['of']>(
  ctx: BrokerContext,
  start: string | undefined,
  find: () => Promise<{ head: StoryHead & { of: K }; filter: StoryFilter } | null>,
): Promise<Story & { head: { of: K } }> {
  const found = await find()
  if (!found) throw new AppError('not_found')
  return { head: found.head, page: await pageOf(ctx, { ...found.filter, before: start }) }
}
