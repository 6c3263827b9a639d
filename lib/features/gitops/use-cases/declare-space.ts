import { z } from 'zod'
import { declareSpaceRow, releaseSpaceRow } from '#lib/features/gitops/db/declared-spaces.ts'
import { changeSpace } from '#lib/kernel/define/change-space.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { identityAt, objectName } from '#lib/kernel/model/spaces/space-object.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'

export const declareSpaceInput = z.strictObject({ space: spaceKey, namespace: z.string().trim().min(1).max(63) })
export const releaseSpaceInput = z.strictObject({ space: spaceKey })

/**
 * Hands one’s space over to Git: from now on the object with its name in this namespace declares it, once it is there. Only
 * where the operator mapped the namespace to the owner. Git never takes a space by itself.
 * @throws AppError bad_input for another namespace; declared_in_git when it is declared already
 */
export const declareSpace = changeSpace({
  permission: 'declare-space',
  action: 'space.declare',
  input: declareSpaceInput,
  living: true,
  reconcile: 'none',
  prepare({ ctx, space, input: { namespace }, about }) {
    if (space.declaredNamespace !== null) throw new AppError('declared_in_git')
    if (identityAt(ctx.gitIdentities, space.cluster, namespace) !== space.owner.handle) {
      const sentence = 'Your objects aren’t followed in this namespace. The operator decides where they are.'
      throw new AppError('bad_input', { sentence, fields: { namespace: sentence } })
    }
    about({ detail: { object: objectName({ namespace, name: space.name }) } })
    return {
      async write({ tx, space: held }) {
        if (held.ownerId !== space.ownerId || held.declaredNamespace !== null) throw new AppError('space_busy')
        await declareSpaceRow(tx, space.id, namespace)
      },
    }
  },
})

/** Takes a space back from Git: its object changes nothing any more, and its settings and members are the portal’s. */
export const releaseSpace = changeSpace({
  permission: 'release-space',
  action: 'space.release',
  input: releaseSpaceInput,
  reconcile: 'none',
  prepare({ space, about }) {
    const namespace = space.declaredNamespace
    if (namespace === null) return { result: undefined }
    about({ detail: { object: objectName({ namespace, name: space.name }) } })
    return {
      async write({ tx, undo }) {
        if (!(await releaseSpaceRow(tx, space.id, { namespace }))) undo()
      },
      already: undefined,
    }
  },
})
