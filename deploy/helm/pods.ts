import { z } from 'zod'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'

const named = z.looseObject({ name: z.string() })
const source = z.looseObject({
  secret: z.looseObject({ secretName: z.string() }).optional(),
  projected: z
    .looseObject({ sources: z.array(z.looseObject({ serviceAccountToken: z.unknown().optional() })) })
    .optional(),
})
const podSpec = z.looseObject({
  serviceAccountName: z.string().optional(),
  automountServiceAccountToken: z.literal(false),
  containers: z
    .array(
      z.looseObject({
        name: z.string(),
        command: z.array(z.string()).optional(),
        env: z
          .array(
            z.looseObject({
              name: z.string(),
              value: z.string().optional(),
              valueFrom: z.looseObject({ secretKeyRef: z.looseObject({ name: z.string() }) }).optional(),
            }),
          )
          .optional(),
      }),
    )
    .length(1),
  volumes: z.array(named.and(source)),
})
const template = z.looseObject({
  metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
  spec: podSpec,
})
const workload = z.looseObject({ spec: z.looseObject({ template }) })

/** A pod of the chart, as its Deployment or Job creates it. */
export type Pod = z.infer<typeof template>

/** @returns the pods of rendered objects, by component */
export function podsOf(objects: readonly Manifest[]): Map<string, Pod> {
  const pods = new Map<string, Pod>()
  for (const object of objects) {
    const found =
      object.kind === 'Pod'
        ? template.parse(object)
        : ['Deployment', 'Job'].includes(object.kind)
          ? workload.parse(object).spec.template
          : undefined
    if (found) pods.set(found.metadata.labels['app.kubernetes.io/component'] ?? '', found)
  }
  return pods
}

/** @returns the container’s environment; undefined for values from a Secret */
export const environmentOf = ({ spec }: Pod): Record<string, string | undefined> =>
  Object.fromEntries((spec.containers[0]?.env ?? []).map(({ name, value }) => [name, value]))

/** @returns the names of all Secrets that a pod uses */
export const secretsOf = ({ spec }: Pod): string[] =>
  [
    ...(spec.containers[0]?.env ?? []).flatMap(({ valueFrom }) => valueFrom?.secretKeyRef.name ?? []),
    ...spec.volumes.flatMap(({ secret }) => secret?.secretName ?? []),
  ]
    .filter((name, index, all) => all.indexOf(name) === index)
    .sort()

/** @returns how many tokens of its ServiceAccount a pod gets */
export const tokensOf = ({ spec }: Pod): number =>
  spec.volumes
    .flatMap(({ projected }) => projected?.sources ?? [])
    .filter(({ serviceAccountToken }) => serviceAccountToken !== undefined).length

/**
 * @returns the pod of one component;
 * @throws Error when there is none
 */
export function podOf(objects: readonly Manifest[], component: string): Pod {
  const pod = podsOf(objects).get(component)
  if (!pod) throw new Error(`there is no pod of ${component}`)
  return pod
}
