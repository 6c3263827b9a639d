import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { assertWithinPolicy } from '#lib/features/access/use-cases/assert-within-policy.ts'
import { changeGrant } from '#lib/features/access/use-cases/change-grant.ts'
import { removeGrant } from '#lib/features/access/use-cases/remove-grant.ts'
import type { Problem } from '#lib/features/gitops/model/space-object-status.ts'
import { findUserByHandle } from '#lib/kernel/db/people/find-person.ts'
import type { SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import { selectGrants } from '#lib/kernel/db/spaces/select-grants.ts'
import { type DeclaredMember, memberKey } from '#lib/kernel/model/spaces/space-object.ts'
import type { GrantView } from '#lib/kernel/model/spaces/space-view.ts'
import type { SpaceKey } from '#lib/kernel/use-case/authorize.ts'
import { problemOf } from './follow-settings.ts'
import { type Following, memberPart } from './following.ts'
import type { GitActor } from './git-actor.ts'

const changesPerLook = 10
/** The step limit was reached before all members were as declared. */
export const membersUnderWay: Problem = { reason: 'MembersUnderWay', message: 'More member changes are in progress.' }

/**
 * Changes the members of a space to those that its object lists, each once per generation. Leaves roles from approved
 * requests alone. Works in small steps, since each change reconciles the cluster while other objects wait.
 * @returns the differences and their causes
 */
export async function followMembers(
  actor: GitActor,
  { space, key, following }: { space: SpaceRecord; key: SpaceKey; following: Following },
  members: readonly DeclaredMember[],
): Promise<Problem[]> {
  const { ctx } = actor
  const now = ctx.clock()
  const listed = await selectGrants(ctx.pool, space.id, now, { userId: ctx.actor.userId, issuer: ctx.issuer })
  const direct = listed.filter(({ byRequest }) => !byRequest)
  const wanted = new Map(members.filter(({ endsAt }) => !endsAt || endsAt > now).map((each) => [memberKey(each), each]))
  const found = new Map(direct.map((grant) => [keyOf(grant), grant]))
  const problems: Problem[] = []
  const add = (problem: Problem | null) => void (problem && problems.push(problem))
  let changes = 0
  let isCut = false
  async function step(work: () => Promise<Problem | null>): Promise<void> {
    if (changes >= changesPerLook) isCut = true
    else add(await work().catch(problemOf))
  }
  // Removals first. After that, members added in the portal stay until the object changes.
  for (const [who, grant] of found) if (!wanted.has(who)) await step(() => drop(who, grant))
  if (problems.length === 0 && !isCut) await following.note('members')
  for (const [who, member] of wanted) await step(() => give(who, member, found.get(who)))
  if (isCut) add(membersUnderWay)
  return problems

  async function drop(who: string, grant: GrantView): Promise<Problem | null> {
    const part = memberPart(`without ${who}`)
    if (following.isDone(part) || following.isDone('members'))
      return { reason: 'ChangedInPortal', message: `${who} has a role that isn’t declared.` }
    await removeGrant(actor.as({ of: following.generation, name: part }), { space: key, grantId: grant.id })
    changes++
    return null
  }

  async function give(who: string, member: DeclaredMember, grant: GrantView | undefined): Promise<Problem | null> {
    const part = memberPart(who)
    const gift = { role: member.role, endsAt: member.endsAt }
    if (grant && grant.role === gift.role && grant.endsAt?.getTime() === gift.endsAt?.getTime()) {
      await following.note(part)
      return null
    }
    if (following.isDone(part))
      return grant
        ? { reason: 'ChangedInPortal', message: `The role of ${who} was changed in the portal.` }
        : { reason: 'MemberRemoved', message: `${who} was removed in the portal and isn’t added again.` }
    if ('person' in member) {
      const user = await findUserByHandle(ctx.db, member.person)
      if (!user) return { reason: 'PrincipalUnknown', message: `No active person has the handle ${member.person}.` }
      if (user.userId === space.ownerId)
        return { reason: 'GrantOwner', message: `${who} owns the space and needs no role.` }
    }
    assertWithinPolicy(ctx, gift, grant)
    const caller = actor.as({ of: following.generation, name: part })
    if (grant) await changeGrant(caller, { space: key, grantId: grant.id, ...gift })
    else await addGrant(caller, { space: key, principal: who, ...gift })
    changes++
    return null
  }
}

/** The key of another provider's group matches no declared member. */
const keyOf = ({ principal }: GrantView): string => {
  if (principal.kind === 'user') return `user:${principal.handle}`
  return principal.issuer === null ? `group:${principal.name}` : `group of ${principal.issuer}: ${principal.name}`
}
