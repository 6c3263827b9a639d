import { z } from 'zod'
import type { ContainerSettings, Variable } from '#lib/features/spaces/model/container-settings.ts'
import { isSecretName, mask, maskText } from './mask-text.ts'

const keyRef = z.object({ name: z.string().default(''), key: z.string() })
const named = z.object({ name: z.string().default('') })
const quantities = z.record(z.string(), z.union([z.string(), z.number()]).transform(String)).default({})

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container */
const container = z.object({
  name: z.string(),
  image: z.string().default(''),
  env: z
    .array(
      z.object({
        name: z.string(),
        value: z.string().default(''),
        valueFrom: z
          .object({
            configMapKeyRef: keyRef.optional(),
            secretKeyRef: keyRef.optional(),
            fieldRef: z.object({ fieldPath: z.string() }).optional(),
            resourceFieldRef: z.object({ resource: z.string() }).optional(),
          })
          .nullish(),
      }),
    )
    .nullish(),
  envFrom: z
    .array(z.object({ prefix: z.string().default(''), configMapRef: named.optional(), secretRef: named.optional() }))
    .nullish(),
  resources: z.object({ requests: quantities, limits: quantities }).prefault({}),
})
type Container = z.infer<typeof container>

const podSpec = z.object({ containers: z.array(container).nullish(), initContainers: z.array(container).nullish() })
const template = z.object({ spec: podSpec })
const workloadSchema = z.object({
  spec: podSpec.extend({
    template: template.nullish(),
    jobTemplate: z.object({ spec: z.object({ template }) }).nullish(),
  }),
})

/**
 * @param object a workload
 * @returns its pods’ containers, in the order in which they start
 */
export function containerSettings(object: unknown): ContainerSettings[] {
  const { spec } = workloadSchema.parse(object)
  const { initContainers, containers } = (spec.template ?? spec.jobTemplate?.spec.template)?.spec ?? spec
  return [
    ...(initContainers ?? []).map((one) => settingsOf(one, true)),
    ...(containers ?? []).map((one) => settingsOf(one, false)),
  ]
}

function settingsOf({ name, image, env, envFrom, resources }: Container, init: boolean): ContainerSettings {
  const { requests, limits } = resources
  return {
    name,
    init,
    image: maskText(image, () => mask),
    resources: [...new Set([...Object.keys(requests), ...Object.keys(limits)])].sort().map((resource) => ({
      resource,
      request: requests[resource] ?? '',
      limit: limits[resource] ?? '',
    })),
    // The last of several with the same name counts.
    variables: [...new Map((env ?? []).map((one) => [one.name, variableOf(one)])).values()],
    sets: (envFrom ?? []).flatMap(({ prefix, configMapRef, secretRef }) => [
      ...(configMapRef ? [{ from: 'ConfigMap' as const, name: configMapRef.name, prefix }] : []),
      ...(secretRef ? [{ from: 'Secret' as const, name: secretRef.name, prefix }] : []),
    ]),
  }
}

function variableOf({ name, value, valueFrom }: NonNullable<Container['env']>[number]): Variable {
  const { configMapKeyRef: configMap, secretKeyRef: secret, fieldRef, resourceFieldRef } = valueFrom ?? {}
  if (configMap) return { name, source: { from: 'ConfigMap', ...configMap } }
  if (secret) return { name, source: { from: 'Secret', ...secret } }
  const path = fieldRef?.fieldPath ?? resourceFieldRef?.resource
  if (path !== undefined) return { name, source: { from: 'field', path } }
  const shown = isSecretName(name) && value !== '' ? mask : maskText(value, () => mask)
  return { name, source: { from: 'value', value: shown } }
}
