import type { SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { isChangedInGit, objectName } from '#lib/kernel/model/spaces/space-object.ts'
import type { BrokerContext } from './context.ts'

type Declared = Pick<SpaceRecord, 'name' | 'standing' | 'declaredNamespace' | 'declaredMembers'>

/**
 * Refuses changes in the portal that Git would change back, but never the removal of access. A platform admin who
 * doesn’t own the space may still make them: the status in Git shows that.
 * @param what changes: members are managed in Git only if the object lists them
 * @throws AppError declared_in_git, with the object's name
 */
export function assertNotDeclared(ctx: BrokerContext, space: Declared, what: 'settings' | 'members'): void {
  const { declaredNamespace: namespace, name, declaredMembers } = space
  if (namespace === null || ctx.origin.declaredBy || (what === 'members' && !declaredMembers)) return
  if (!isChangedInGit(space, ctx.actor.platformRole)) return
  throw new AppError('declared_in_git', {
    sentence: `This space is declared in Git, by the object ${objectName({ namespace, name })} on the cluster. Change it there, or ask the owner to stop that under Settings.`,
  })
}
