import { z } from 'zod'
import { AppError } from '#lib/kernel/model/errors.ts'
import { fieldManager } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { Manifest, ObjectRef } from '#lib/kernel/model/spaces/manifest.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { objectPath } from '#lib/kube/client/object-path.ts'
import { ApiServerError, request } from '#lib/kube/client/request.ts'
import { deleteObject } from './delete-object.ts'

/** The message of the policy `spaceport-broker` when the broker would change an object that Spaceport didn't create. */
export const onlyCreated = "The broker changes only objects that Spaceport created; it adopts none of another's."

/**
 * Applies one object by server-side apply with force; creates it if it does not exist.
 * A RoleBinding that refers to another role is recreated, because a binding's role can't be changed.
 * @throws AppError namespace_gone, namespace_terminating, cluster_*; cluster_conflict when another's object has its name
 */
export async function applyObject(cluster: Cluster, manifest: Manifest): Promise<void> {
  const { name, namespace } = manifest.metadata
  const ref: ObjectRef = {
    apiVersion: manifest.apiVersion,
    kind: manifest.kind,
    name,
    ...(namespace !== undefined && { namespace }),
  }
  const send = () =>
    request(
      cluster,
      {
        method: 'PATCH',
        path: objectPath(ref),
        query: { fieldManager, force: 'true' },
        contentType: 'application/apply-patch+yaml',
        body: manifest,
      },
      z.unknown(),
    )
  // With force, fields never conflict. A 409 means that the object changed or was deleted at the same time.
  const apply = () =>
    send().catch((error: unknown) => {
      if (error instanceof ApiServerError && error.httpStatus === 409) return send()
      throw error
    })
  try {
    await apply()
  } catch (error) {
    if (!(error instanceof ApiServerError)) throw error
    if (error.httpStatus === 404 && namespace !== undefined)
      throw new AppError('namespace_gone', { detail: namespace, cause: error })
    if (error.httpStatus === 403 && error.statusMessage.includes(onlyCreated))
      throw new AppError('cluster_conflict', { sentence: taken(manifest), cause: error })
    if (error.httpStatus !== 422 || manifest.kind !== 'RoleBinding' || !error.statusMessage.includes('roleRef'))
      throw error
    await deleteObject(cluster, ref)
    await apply()
  }
}

const taken = ({ kind, metadata: { name, namespace } }: Manifest): string =>
  `${namespace} already has a ${kind} named ${name} that Spaceport didn’t create, so Spaceport left it alone. Delete it, or recreate it under another name; Spaceport keeps retrying.`
