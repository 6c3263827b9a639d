import { z } from 'zod'
import type { ExposingHost, ExposingService } from './workload-view.ts'

export const serviceSchema = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z
    .object({
      type: z.string().default('ClusterIP'),
      selector: z.record(z.string(), z.string()).nullish(),
      ports: z
        .array(z.object({ port: z.number(), protocol: z.string().default('TCP'), name: z.string().default('') }))
        .nullish(),
    })
    .prefault({}),
})

const backend = z.object({ service: z.object({ name: z.string() }).nullish() })
export const ingressSchema = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z
    .object({
      defaultBackend: backend.nullish(),
      tls: z.array(z.object({ hosts: z.array(z.string()).nullish() })).nullish(),
      rules: z
        .array(
          z.object({
            host: z.string().default(''),
            http: z
              .object({ paths: z.array(z.object({ path: z.string().default('/'), backend })).nullish() })
              .nullish(),
          }),
        )
        .nullish(),
    })
    .prefault({}),
})

/**
 * @param labels the pods’
 * @returns the Services that select them (https://kubernetes.io/docs/concepts/services-networking/service/)
 */
export const servicesOf = (
  services: readonly z.infer<typeof serviceSchema>[],
  labels: Readonly<Record<string, string>>,
): ExposingService[] =>
  services
    .filter(({ spec: { selector } }) => {
      const wanted = Object.entries(selector ?? {})
      return wanted.length > 0 && wanted.every(([name, value]) => labels[name] === value)
    })
    .map(({ metadata, spec }) => ({ name: metadata.name, type: spec.type, ports: spec.ports ?? [] }))

/** @returns the Ingress rules that route to one of the Services */
export function hostsOf(
  ingresses: readonly z.infer<typeof ingressSchema>[],
  services: readonly Pick<ExposingService, 'name'>[],
): ExposingHost[] {
  const names = new Set(services.map(({ name }) => name))
  return ingresses.flatMap(({ metadata, spec }) => {
    const secured = (spec.tls ?? []).flatMap(({ hosts }) => hosts ?? [])
    return (spec.rules ?? []).flatMap(({ host, http }) =>
      (http?.paths ?? []).flatMap(({ path, backend: { service } }) =>
        service && names.has(service.name)
          ? [{ ingress: metadata.name, host, path, tls: secures(secured, host), service: service.name }]
          : [],
      ),
    )
  })
}

/** A wildcard stands for one label: https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards */
const secures = (hosts: readonly string[], host: string): boolean =>
  hosts.includes(host) || hosts.includes(host.replace(/^[^.]+/, '*'))

/** @returns its URL for a browser; null: the rule is for any host or for several */
export const urlOf = ({ host, path, tls }: ExposingHost): string | null =>
  host === '' || host.includes('*') ? null : `${tls ? 'https' : 'http'}://${host}${path.startsWith('/') ? path : '/'}`
