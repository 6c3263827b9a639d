import { z } from 'zod'
import { declareSpaceRow, releaseSpaceRow } from '#lib/features/gitops/db/declared-spaces.ts'
import { changeSpace } from '#lib/kernel/define/change-space.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { identityAt, objectName } from '#lib/kernel/model/spaces/space-object.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'

export const declareSpaceInput = z.strictObject({ space: spaceKey, namespace: z.string().trim().min(1).max(63) })
export const releaseSpaceInput = z.strictObject({ space: spaceKey })

/**
 * Lets the object with the space's name in a namespace manage it, once that object exists. The operator must have
 * mapped the namespace to the owner. Git never takes over a space without this.
 * @throws AppError bad_input for another namespace; declared_in_git if it is already declared
 */
export const declareSpace = changeSpace({
  permission: 'declare-space',
  action: 'space.declare',
  input: declareSpaceInput,
  living: true,
  reconcile: 'none',
  prepare: function prepareDeclareSpace({ ctx, space, input: { namespace }, about }) {
    if (space.declaredNamespace !== null) throw new AppError('declared_in_git')
    if (identityAt(ctx.gitIdentities, space.cluster, namespace) !== space.owner.handle) {
      const sentence = 'This namespace isn’t connected to your account. Ask the operator to map it.'
      throw new AppError('bad_input', { sentence, fields: { namespace: sentence } })
    }
    about({ detail: { object: objectName({ namespace, name: space.name }) } })
    return {
      write: async function writeDeclareSpace({ tx, space: held }) {
        if (held.ownerId !== space.ownerId || held.declaredNamespace !== null) throw new AppError('space_busy')
        await declareSpaceRow(tx, space.id, namespace)
      },
    }
  },
})

/** Returns a space to the portal: its object no longer changes anything. */
export const releaseSpace = changeSpace({
  permission: 'release-space',
  action: 'space.release',
  input: releaseSpaceInput,
  reconcile: 'none',
  prepare: function prepareReleaseSpace({ space, about }) {
    const namespace = space.declaredNamespace
    if (namespace === null) return { result: undefined }
    about({ detail: { object: objectName({ namespace, name: space.name }) } })
    return {
      write: async function writeReleaseSpace({ tx, undo }) {
        if (!(await releaseSpaceRow(tx, space.id, { namespace }))) undo()
      },
      already: undefined,
    }
  },
})
