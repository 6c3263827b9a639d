import { z } from 'zod'
import type { WorkloadAutoscaler, WorkloadRef } from '#lib/features/spaces/model/workload-view.ts'

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/ */
export const autoscalerSchema = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    scaleTargetRef: z.object({ kind: z.string(), name: z.string() }),
    minReplicas: z.number().default(1),
    maxReplicas: z.number(),
  }),
})

/** @returns the autoscaler that decides how many pods a workload has; null if none does */
export function autoscalerOf(
  found: readonly z.infer<typeof autoscalerSchema>[],
  { kind, name }: WorkloadRef,
): WorkloadAutoscaler | null {
  const own = found.find(({ spec: { scaleTargetRef: target } }) => target.kind === kind && target.name === name)
  return own ? { name: own.metadata.name, min: own.spec.minReplicas, max: own.spec.maxReplicas } : null
}
