import { z } from 'zod'
import { isAppError } from '#lib/domain/errors.ts'
import type { ObjectRef } from '#lib/domain/manifest.ts'
import type { Cluster } from './cluster.ts'
import { objectPath } from './object-path.ts'
import { request } from './request.ts'

/** Deletes one object of ours; does nothing if it does not exist. */
export async function deleteObject(cluster: Cluster, ref: ObjectRef): Promise<void> {
  try {
    await request(cluster, { method: 'DELETE', path: objectPath(ref) }, z.unknown())
  } catch (error) {
    if (!isAppError(error, 'not_found')) throw error
  }
}
