import { type Problem, reasonOf } from '#lib/features/gitops/model/space-object-status.ts'
import { renderLifePayload, renderSizePayload } from '#lib/features/requests/model/render-request-payload.ts'
import { requestLife } from '#lib/features/requests/use-cases/request-life.ts'
import { requestSize } from '#lib/features/requests/use-cases/request-size.ts'
import { lifeNeedsApproval } from '#lib/features/spaces/model/space-life.ts'
import { updateSpace } from '#lib/features/spaces/use-cases/update-space.ts'
import type { SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { assertSpaceEnds, excessSentence } from '#lib/kernel/model/policy/policy.ts'
import { sizeWithin } from '#lib/kernel/model/spaces/size.ts'
import type { DeclaredSpace } from '#lib/kernel/model/spaces/space-object.ts'
import type { SpaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { Following } from './following.ts'
import type { GitActor } from './git-actor.ts'
import { askOnce } from './request-once.ts'

export type SettingsProblem = Problem & { requestId?: string }

/**
 * Changes description, size and end of a space to what its object declares, each once per generation.
 * @returns the differences and their causes
 */
export async function followSettings(
  actor: GitActor,
  { space, key, following }: { space: SpaceRecord; key: SpaceKey; following: Following },
  declared: DeclaredSpace,
): Promise<SettingsProblem[]> {
  const problems: SettingsProblem[] = []
  const settings = [
    ['description', space.description === declared.description, () => change({ description: declared.description })],
    ['size', space.size === declared.size, () => resize()],
    ['endsAt', space.endsAt?.getTime() === declared.endsAt?.getTime(), () => extend()],
  ] as const

  async function change(more: { description: string } | { size: DeclaredSpace['size'] } | { endsAt: Date | null }) {
    const [name = ''] = Object.keys(more)
    await updateSpace(actor.as({ of: following.generation, name }), { space: key, ...more })
    return null
  }
  async function resize(): Promise<SettingsProblem | null> {
    const { size, reason } = declared
    if (sizeWithin(size, space.size) || sizeWithin(size, actor.ctx.policy.maxSize)) return change({ size })
    const asked = await askOnce(
      actor,
      {
        about: { kind: 'size', spaceId: space.id },
        payload: renderSizePayload(space, size),
        reason,
      },
      () => requestSize(actor.as(), { space: key, size, reason }),
    )
    return { ...asked, message: `${excessSentence(actor.ctx.policy, 'size_limit')} ${asked.message}` }
  }
  async function extend(): Promise<SettingsProblem | null> {
    const { endsAt, reason } = declared
    const now = actor.ctx.clock()
    if (endsAt && endsAt <= now) return { reason: 'EndInPast', message: 'The end that the object declares has passed.' }
    if (endsAt === null || space.endsAt === null || endsAt > space.endsAt)
      assertSpaceEnds(actor.ctx.policy, now, endsAt)
    if (!lifeNeedsApproval(space, endsAt)) return change({ endsAt })
    const payload = renderLifePayload(space, endsAt)
    return askOnce(actor, { about: { kind: 'life', spaceId: space.id }, payload, reason }, () =>
      requestLife(actor.as(), { space: key, endsAt, reason }),
    )
  }

  for (const [name, isSame, bring] of settings) {
    if (isSame) await following.note(name)
    else if (following.isDone(name))
      problems.push({ reason: 'ChangedInPortal', message: `The ${words[name]} was changed in the portal.` })
    else {
      const problem = await bring().catch(problemOf)
      if (problem) problems.push(problem)
    }
  }
  return problems
}

const words = { description: 'description', size: 'size', endsAt: 'end' } as const

/**
 * @returns a refusal as a problem
 * @throws any other error, to be retried soon
 */
export function problemOf(error: unknown): Problem {
  if (!isAppError(error) || error.status >= 500 || error.code === 'space_busy') throw error
  return { reason: reasonOf(error.code), message: error.sentence }
}
