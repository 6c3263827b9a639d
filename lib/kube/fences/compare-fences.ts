import { z } from 'zod'
import { type FenceFault, sameFence } from '#lib/features/clusters/model/fence-fault.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { objectPath } from '#lib/kube/client/object-path.ts'
import { request } from '#lib/kube/client/request.ts'
import { readShippedFences } from './shipped-fences.ts'

const foundSchema = z.looseObject({ spec: z.unknown() })

/**
 * Compares the admission policies on a cluster and their bindings with the shipped ones: a narrowed policy may still
 * refuse the proofs' dry runs and let other requests through.
 * @returns those that are missing or differ
 * @throws AppError cluster_* when the cluster can't be asked
 */
export async function compareFences(cluster: Cluster): Promise<FenceFault[]> {
  const shipped = await readShippedFences()
  const faults = await Promise.all(
    shipped.map(async ({ apiVersion, kind, metadata: { name }, spec }): Promise<FenceFault[]> => {
      const what = kind === 'ValidatingAdmissionPolicyBinding' ? 'its binding' : 'it'
      try {
        const path = objectPath({ apiVersion, kind, name })
        const found = await request(cluster, { method: 'GET', path }, foundSchema)
        return sameFence(spec, found.spec)
          ? []
          : [{ policy: name, fault: `${what} differs from what this version ships` }]
      } catch (error) {
        if (isAppError(error, 'not_found')) return [{ policy: name, fault: `${what} is not installed` }]
        throw error
      }
    }),
  )
  return faults.flat()
}
