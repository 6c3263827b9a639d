import { z } from 'zod'
import type { PodUse } from '#lib/kernel/model/spaces/pod-use.ts'
import type { EventGroup, LeftOut, PlacedWorkload, WorkloadKind } from '#lib/kernel/model/spaces/space-inside.ts'
import { workloadKinds } from '#lib/kernel/model/spaces/space-inside.ts'

/** A workload as addresses name it: `Deployment/web`. */
export type WorkloadRef = { kind: WorkloadKind; name: string }

// https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
const refPattern = new RegExp(`^(${workloadKinds.join('|')})/([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)$`)

/** Reads `Deployment/web`. */
export const workloadRef = z.string().transform((text, ctx): WorkloadRef => {
  const [, found, name = ''] = refPattern.exec(text) ?? []
  const kind = workloadKinds.find((one) => one === found)
  if (kind) return { kind, name }
  ctx.addIssue({ code: 'custom', message: 'Name a workload as its kind and name: Deployment/web.' })
  return z.NEVER
})

/** A port of a Service: https://kubernetes.io/docs/concepts/services-networking/service/#port-definitions */
export type ServicePort = { port: number; protocol: string; name: string }

/** A Service that sends traffic to a workload’s pods. */
export type ExposingService = { name: string; type: string; ports: ServicePort[] }

/** A rule of an Ingress that leads to one of those Services. */
export type ExposingHost = { ingress: string; host: string; path: string; tls: boolean; service: string }

/** How a workload’s pods are reached. */
export type Exposure = {
  services: ExposingService[]
  hosts: ExposingHost[]
  /** The TCP ports that its containers name. */
  containerPorts: number[]
}

/** What a workload’s pods take from other objects of their space, and where. */
export type PodReference = {
  kind: 'ConfigMap' | 'Secret' | 'PersistentVolumeClaim' | 'ServiceAccount'
  name: string
  /** `environment`, `/etc/config`, `image pull`. */
  places: string[]
}

/** How its pods are replaced when what they are made from changes. */
export type UpdateStrategy = 'RollingUpdate' | 'Recreate' | 'OnDelete'

/** An object as YAML, without what looks secret (mask-manifest.ts). */
export type Manifest = { text: string; masked: number; cut: boolean }

/** A HorizontalPodAutoscaler: it keeps a workload between so many pods. */
export type WorkloadAutoscaler = { name: string; min: number; max: number }

/** Everything a page tells of one workload. */
export type WorkloadDetail = {
  workload: PlacedWorkload
  /** As of a whole space. */
  inUse: Promise<PodUse | null>
  /** Null: nothing scales it by itself. */
  autoscaler: WorkloadAutoscaler | null
  /** About it, its pods and what makes them. */
  events: EventGroup[]
  exposure: Exposure
  uses: PodReference[]
  /** Null: it replaces none. */
  strategy: UpdateStrategy | null
  /** Null: it wasn’t asked for. */
  manifest: Manifest | null
  leftOut: LeftOut
}

/** Kinds that `kubectl rollout restart` and `kubectl scale` take. */
const restartable: readonly WorkloadKind[] = ['Deployment', 'StatefulSet', 'DaemonSet']
const scalable: readonly WorkloadKind[] = ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController']

export const canRestart = (kind: WorkloadKind): boolean => restartable.includes(kind)
export const canScale = (kind: WorkloadKind): boolean => scalable.includes(kind)
