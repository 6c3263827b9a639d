import { z } from 'zod'
import type { PodReference } from '#lib/features/spaces/model/workload-view.ts'

const named = z.object({ name: z.string().default('') })
const env = z.object({
  valueFrom: z.object({ configMapKeyRef: named.optional(), secretKeyRef: named.optional() }).nullish(),
})
const envFrom = z.object({ configMapRef: named.optional(), secretRef: named.optional() })
const container = z.object({
  env: z.array(env).nullish(),
  envFrom: z.array(envFrom).nullish(),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })).nullish(),
  ports: z.array(z.object({ containerPort: z.number(), protocol: z.string().default('TCP') })).nullish(),
})
const secretVolume = z.object({ secretName: z.string().default('') })
const source = z.object({ configMap: named.optional(), secret: named.optional() })
const volume = z.object({
  name: z.string(),
  configMap: named.optional(),
  secret: secretVolume.optional(),
  persistentVolumeClaim: z.object({ claimName: z.string() }).optional(),
  projected: z.object({ sources: z.array(source).nullish() }).optional(),
})

export const podSpecSchema = z.object({
  containers: z.array(container).nullish(),
  initContainers: z.array(container).nullish(),
  volumes: z.array(volume).nullish(),
  imagePullSecrets: z.array(named).nullish(),
  serviceAccountName: z.string().nullish(),
})
export type PodSpec = z.infer<typeof podSpecSchema>

type Named = Pick<PodReference, 'kind' | 'name'> & { place: string }

/**
 * @param claims names of a StatefulSet's volumeClaimTemplates: each pod has its own claim for each
 * @returns the objects that pods of a spec use, by kind and name
 */
export function podReferences(spec: PodSpec, claims: readonly string[] = []): PodReference[] {
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])]
  const mounts = containers.flatMap(({ volumeMounts }) => volumeMounts ?? [])
  const pathsOf = (name: string) => {
    const paths = mounts.filter((mount) => mount.name === name).map(({ mountPath }) => mountPath)
    return paths.length > 0 ? paths : ['not mounted']
  }
  const { serviceAccountName } = spec
  return gather([
    ...containers.flatMap(inEnvironment),
    ...(spec.volumes ?? []).flatMap((one) =>
      inVolume(one).flatMap((ref) => pathsOf(one.name).map((place) => ({ ...ref, place }))),
    ),
    ...claims.flatMap((name) =>
      pathsOf(name).map((place) => ({ kind: 'PersistentVolumeClaim' as const, name: `${name}-…`, place })),
    ),
    ...(spec.imagePullSecrets ?? []).map(({ name }) => ({ kind: 'Secret' as const, name, place: 'image pull' })),
    ...(serviceAccountName && serviceAccountName !== 'default'
      ? [{ kind: 'ServiceAccount' as const, name: serviceAccountName, place: 'identity' }]
      : []),
  ])
}

export const containerPorts = ({ containers }: PodSpec): number[] => [
  ...new Set(
    (containers ?? []).flatMap(({ ports }) =>
      (ports ?? []).filter(({ protocol }) => protocol === 'TCP').map(({ containerPort }) => containerPort),
    ),
  ),
]

const place = 'environment'

function inEnvironment({ env, envFrom }: z.infer<typeof container>): Named[] {
  const refs = [
    ...(env ?? []).map(({ valueFrom }) => [valueFrom?.configMapKeyRef, valueFrom?.secretKeyRef] as const),
    ...(envFrom ?? []).map(({ configMapRef, secretRef }) => [configMapRef, secretRef] as const),
  ]
  return refs.flatMap(([configMap, secret]) => [
    ...(configMap ? [{ kind: 'ConfigMap' as const, name: configMap.name, place }] : []),
    ...(secret ? [{ kind: 'Secret' as const, name: secret.name, place }] : []),
  ])
}

function inVolume({ configMap, secret, persistentVolumeClaim: claim, projected }: z.infer<typeof volume>) {
  const refs: Pick<PodReference, 'kind' | 'name'>[] = []
  if (configMap) refs.push({ kind: 'ConfigMap', name: configMap.name })
  if (secret) refs.push({ kind: 'Secret', name: secret.secretName })
  if (claim) refs.push({ kind: 'PersistentVolumeClaim', name: claim.claimName })
  for (const one of projected?.sources ?? []) {
    if (one.configMap) refs.push({ kind: 'ConfigMap', name: one.configMap.name })
    if (one.secret) refs.push({ kind: 'Secret', name: one.secret.name })
  }
  // Every namespace has it, and every pod gets it automatically.
  return refs.filter(({ name }) => name !== '' && name !== 'kube-root-ca.crt')
}

const order: readonly PodReference['kind'][] = ['PersistentVolumeClaim', 'ConfigMap', 'Secret', 'ServiceAccount']

function gather(found: readonly Named[]): PodReference[] {
  const uses = new Map<string, PodReference>()
  for (const { kind, name, place } of found) {
    const use = uses.get(`${kind}/${name}`) ?? { kind, name, places: [] }
    if (!use.places.includes(place)) use.places.push(place)
    uses.set(`${kind}/${name}`, use)
  }
  return [...uses.values()].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.name < b.name ? -1 : 1))
}
