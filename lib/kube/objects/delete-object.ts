import { z } from 'zod'
import { isAppError } from '#lib/kernel/model/errors.ts'
import type { ObjectRef } from '#lib/kernel/model/spaces/manifest.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { objectPath } from '#lib/kube/client/object-path.ts'
import { request } from '#lib/kube/client/request.ts'

/** Deletes one of Spaceport's objects; does nothing if it does not exist. */
export async function deleteObject(cluster: Cluster, ref: ObjectRef): Promise<void> {
  try {
    await request(cluster, { method: 'DELETE', path: objectPath(ref) }, z.unknown())
  } catch (error) {
    if (!isAppError(error, 'not_found')) throw error
  }
}
