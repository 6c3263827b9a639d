import { z } from 'zod'
import { fieldManager as ours } from '#lib/domain/cluster-names.ts'
import { AppError } from '#lib/domain/errors.ts'
import type { Manifest, ObjectRef } from '#lib/domain/manifest.ts'
import type { Cluster } from './cluster.ts'
import { deleteObject } from './delete-object.ts'
import { objectPath } from './object-path.ts'
import { ApiServerError, requestWithStatus } from './request.ts'

const appliedSchema = z.object({ metadata: z.object({ uid: z.string() }) })

/**
 * Applies one object by server-side apply with force; creates it if it does not exist.
 * A RoleBinding that refers to another role is recreated, because a binding's role can't be changed.
 * @param options.fieldManager the owner of the fields; `spaceport` except when installing something
 * @returns `created`: it did not exist before
 * @throws AppError namespace_gone, namespace_terminating, cluster_*
 */
export async function applyObject(
  cluster: Cluster,
  manifest: Manifest,
  { fieldManager = ours }: { fieldManager?: string } = {},
): Promise<{ uid: string; created: boolean }> {
  const { name, namespace } = manifest.metadata
  const ref: ObjectRef = {
    apiVersion: manifest.apiVersion,
    kind: manifest.kind,
    name,
    ...(namespace !== undefined && { namespace }),
  }
  const apply = async () => {
    const { status, body } = await requestWithStatus(
      cluster,
      {
        method: 'PATCH',
        path: objectPath(ref),
        query: { fieldManager, force: 'true' },
        contentType: 'application/apply-patch+yaml',
        body: manifest,
      },
      appliedSchema,
    )
    return { uid: body.metadata.uid, created: status === 201 }
  }
  try {
    return await apply()
  } catch (error) {
    if (!(error instanceof ApiServerError)) throw error
    if (error.httpStatus === 404 && namespace !== undefined)
      throw new AppError('namespace_gone', { detail: namespace, cause: error })
    if (error.httpStatus !== 422 || manifest.kind !== 'RoleBinding' || !error.statusMessage.includes('roleRef'))
      throw error
    await deleteObject(cluster, ref)
    return await apply()
  }
}
