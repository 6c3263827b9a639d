import { z } from 'zod'
import type { OpenKind } from './configuration-kind.ts'
import { type SizedKey, sizesOf } from './secret-value.ts'

const text = z.string().default('')
const metadata = z.object({ creationTimestamp: z.string() })
const portOrName = z.union([z.number(), z.string()])

export type ServiceDetail = {
  kind: 'Service'
  createdAt: string
  type: string
  clusterIp: string
  /** Of an ExternalName. */
  externalName: string
  /** `http 80/TCP → 8080`, with the node’s port if there is one. */
  ports: string[]
  selector: Readonly<Record<string, string>>
  endpoints: Endpoint[]
}

/** An address that a Service sends traffic to. `pod` is null for anything else. */
export type Endpoint = { address: string; ready: boolean; pod: string | null }

export type IngressDetail = {
  kind: 'Ingress'
  createdAt: string
  className: string
  /** Of its load balancer. */
  addresses: string[]
  rules: IngressRule[]
  tls: { hosts: string[]; secret: string }[]
}

/** `host` is empty for any host. */
export type IngressRule = { host: string; path: string; pathType: string; tls: boolean; backend: IngressBackend }

/** `service` is null for a backend of another kind. */
export type IngressBackend = { service: string | null; text: string }

export type ConfigMapDetail = {
  kind: 'ConfigMap'
  createdAt: string
  immutable: boolean
  values: { key: string; bytes: number; text: string; cut: boolean }[]
  binary: SizedKey[]
}

export type ClaimDetail = {
  kind: 'PersistentVolumeClaim'
  createdAt: string
  status: string
  capacity: string
  requested: string
  storageClass: string
  accessModes: string[]
  volumeMode: string
  volume: string
}

export type ConfiguredObject = ServiceDetail | IngressDetail | ConfigMapDetail | ClaimDetail

/** Characters of one value of a ConfigMap; kubectl shows the rest. */
export const maxValue = 20_000

/** https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/ */
export const endpointSliceSchema = z.object({
  endpoints: z
    .array(
      z.object({
        addresses: z.array(z.string()).nullish(),
        conditions: z.object({ ready: z.boolean().nullish() }).nullish(),
        targetRef: z.object({ kind: text, name: text }).nullish(),
      }),
    )
    .nullish(),
})
type EndpointSlice = z.infer<typeof endpointSliceSchema>

const service = z
  .object({
    metadata,
    spec: z.object({
      type: z.string().default('ClusterIP'),
      clusterIP: text,
      externalName: text,
      selector: z.record(z.string(), z.string()).default({}),
      ports: z
        .array(
          z.object({
            name: text,
            port: z.number(),
            protocol: z.string().default('TCP'),
            targetPort: portOrName.optional(),
            nodePort: z.number().optional(),
          }),
        )
        .default([]),
    }),
  })
  .transform(
    ({ metadata, spec }): ServiceDetail => ({
      kind: 'Service',
      createdAt: metadata.creationTimestamp,
      type: spec.type,
      clusterIp: spec.clusterIP,
      externalName: spec.externalName,
      ports: spec.ports.map(
        ({ name, port, protocol, targetPort = port, nodePort }) =>
          `${name && `${name} `}${port}/${protocol} → ${targetPort}${nodePort ? `, node port ${nodePort}` : ''}`,
      ),
      selector: spec.selector,
      endpoints: [],
    }),
  )

/**
 * @returns every address once, those that aren’t ready first. An address without a condition is ready
 *   (https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions)
 */
export function endpointsOf(slices: readonly EndpointSlice[]): Endpoint[] {
  const found = slices.flatMap(({ endpoints }) =>
    (endpoints ?? []).map(({ addresses, conditions, targetRef }) => ({
      address: (addresses ?? []).join(', '),
      ready: conditions?.ready ?? true,
      pod: targetRef?.kind === 'Pod' ? targetRef.name : null,
    })),
  )
  return [...new Map(found.map((one) => [one.address, one])).values()].sort(
    (a, b) => Number(a.ready) - Number(b.ready) || (a.address < b.address ? -1 : 1),
  )
}

const backend = z
  .object({
    service: z
      .object({ name: z.string(), port: z.object({ number: z.number().optional(), name: text }).nullish() })
      .nullish(),
    resource: z.object({ kind: text, name: text }).nullish(),
  })
  .transform(({ service, resource }): IngressBackend => {
    if (service)
      return { service: service.name, text: `${service.name}:${service.port?.number ?? service.port?.name ?? ''}` }
    return { service: null, text: resource ? `${resource.kind}/${resource.name}` : '' }
  })

const ingress = z
  .object({
    metadata,
    spec: z
      .object({
        ingressClassName: text,
        defaultBackend: backend.nullish(),
        tls: z.array(z.object({ hosts: z.array(z.string()).default([]), secretName: text })).default([]),
        rules: z
          .array(
            z.object({
              host: text,
              http: z.object({ paths: z.array(z.object({ path: text, pathType: text, backend })) }).nullish(),
            }),
          )
          .default([]),
      })
      .prefault({}),
    status: z
      .object({
        loadBalancer: z.object({ ingress: z.array(z.object({ ip: text, hostname: text })).default([]) }).prefault({}),
      })
      .prefault({}),
  })
  .transform(({ metadata, spec, status }): IngressDetail => {
    const secured = new Set(spec.tls.flatMap(({ hosts }) => hosts))
    // A wildcard stands for one label: https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards
    const secures = (host: string) => secured.has(host) || secured.has(host.replace(/^[^.]+/, '*'))
    const rules = spec.rules.flatMap(({ host, http }) =>
      (http?.paths ?? []).map(({ path, ...rest }) => ({ host, path: path || '/', tls: secures(host), ...rest })),
    )
    const otherwise = spec.defaultBackend
      ? [{ host: '', path: '/', pathType: 'Default', tls: false, backend: spec.defaultBackend }]
      : []
    return {
      kind: 'Ingress',
      createdAt: metadata.creationTimestamp,
      className: spec.ingressClassName,
      addresses: status.loadBalancer.ingress.map(({ ip, hostname }) => ip || hostname),
      rules: [...rules, ...otherwise],
      tls: spec.tls.map(({ hosts, secretName }) => ({ hosts, secret: secretName })),
    }
  })

const configMap = z
  .object({
    metadata,
    immutable: z.boolean().default(false),
    data: z.record(z.string(), z.string()).nullish(),
    binaryData: z.record(z.string(), z.string()).nullish(),
  })
  .transform(
    ({ metadata, immutable, data, binaryData }): ConfigMapDetail => ({
      kind: 'ConfigMap',
      createdAt: metadata.creationTimestamp,
      immutable,
      values: Object.entries(data ?? {})
        .map(([key, value]) => ({
          key,
          bytes: Buffer.byteLength(value),
          text: value.slice(0, maxValue),
          cut: value.length > maxValue,
        }))
        .sort((a, b) => (a.key < b.key ? -1 : 1)),
      binary: sizesOf(binaryData ?? {}),
    }),
  )

const storage = z.object({ storage: text }).prefault({})
const claim = z
  .object({
    metadata,
    spec: z.object({
      accessModes: z.array(z.string()).default([]),
      resources: z.object({ requests: storage }).prefault({}),
      storageClassName: text,
      volumeMode: text,
      volumeName: text,
    }),
    status: z.object({ phase: text, capacity: storage }).prefault({}),
  })
  .transform(
    ({ metadata, spec, status }): ClaimDetail => ({
      kind: 'PersistentVolumeClaim',
      createdAt: metadata.creationTimestamp,
      status: status.phase,
      capacity: status.capacity.storage,
      requested: spec.resources.requests.storage,
      storageClass: spec.storageClassName,
      accessModes: spec.accessModes,
      volumeMode: spec.volumeMode,
      volume: spec.volumeName,
    }),
  )

/** Reads an object of the kind, as the API server sends it. A Service has no endpoints yet (endpointsOf). */
export const configuredSchemas = {
  Service: service,
  Ingress: ingress,
  ConfigMap: configMap,
  PersistentVolumeClaim: claim,
} as const satisfies Record<OpenKind, z.ZodType<ConfiguredObject>>

/** A pod that uses an object, and where: `environment`, `/etc/config`. */
export type UsingPod = { name: string; places: string[] }
/** `more`: there are pods that weren’t looked at. */
export type UsingPods = { pods: UsingPod[]; more: boolean }
