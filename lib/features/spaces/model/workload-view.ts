import { z } from 'zod'
import type { PodUse } from '#lib/kernel/model/spaces/pod-use.ts'
import type { EventGroup, LeftOut, PlacedWorkload, WorkloadKind } from '#lib/kernel/model/spaces/space-inside.ts'
import { workloadKinds } from '#lib/kernel/model/spaces/space-inside.ts'
import type { ContainerSettings } from './container-settings.ts'
import type { Schedule } from './cron-job.ts'
import type { Revisions } from './revision.ts'

/** A workload in a URL: `Deployment/web`. */
export type WorkloadRef = { kind: WorkloadKind; name: string }

// https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
const namePattern = '[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?'
const refPattern = new RegExp(`^(${workloadKinds.join('|')})/(${namePattern})$`)

/** The name of an object in a form, which becomes part of a path. */
export const objectName = z.string().regex(new RegExp(`^${namePattern}$`))

/** Reads `Deployment/web`. */
export const workloadRef = z.string().transform((text, ctx): WorkloadRef => {
  const [, found, name = ''] = refPattern.exec(text) ?? []
  const kind = workloadKinds.find((one) => one === found)
  if (kind) return { kind, name }
  ctx.addIssue({ code: 'custom', message: 'Write a workload as kind/name, for example Deployment/web.' })
  return z.NEVER
})

/** A port of a Service: https://kubernetes.io/docs/concepts/services-networking/service/#port-definitions */
export type ServicePort = { port: number; protocol: string; name: string }

/** A Service that sends traffic to a workload’s pods. */
export type ExposingService = { name: string; type: string; ports: ServicePort[] }

/** An Ingress rule that routes to one of those Services. */
export type ExposingHost = { ingress: string; host: string; path: string; tls: boolean; service: string }

/** How a workload’s pods are reached. */
export type Exposure = {
  services: ExposingService[]
  hosts: ExposingHost[]
  /** The named TCP ports of its containers. */
  containerPorts: number[]
}

/** What a workload’s pods use from other objects of their space, and where. */
export type PodReference = {
  kind: 'ConfigMap' | 'Secret' | 'PersistentVolumeClaim' | 'ServiceAccount'
  name: string
  /** `environment`, `/etc/config`, `image pull`. */
  places: string[]
}

/** How its pods are replaced when their template changes. */
export type UpdateStrategy = 'RollingUpdate' | 'Recreate' | 'OnDelete'

/** An object as YAML, with likely secrets masked (mask-manifest.ts). */
export type Manifest = { text: string; masked: number; cut: boolean }

/** A HorizontalPodAutoscaler and its range of replicas. */
export type WorkloadAutoscaler = { name: string; min: number; max: number }

/** Everything that a workload's page shows. */
export type WorkloadDetail = {
  workload: PlacedWorkload
  uid: string
  /** Null: it is no CronJob. */
  schedule: Schedule | null
  /** As of a whole space. */
  inUse: Promise<PodUse | null>
  /** Null: no autoscaler. */
  autoscaler: WorkloadAutoscaler | null
  /** About the workload, its pods and their owners. */
  events: EventGroup[]
  exposure: Exposure
  containers: ContainerSettings[]
  uses: PodReference[]
  /** Null: it replaces none. */
  strategy: UpdateStrategy | null
  /** Null: its kind has none. */
  revisions: Revisions | null
  /** Null: not requested. */
  manifest: Manifest | null
  leftOut: LeftOut
}

/** The kinds that `kubectl rollout` and `kubectl scale` accept. */
const restartable: readonly WorkloadKind[] = ['Deployment', 'StatefulSet', 'DaemonSet']
const scalable: readonly WorkloadKind[] = ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController']

export const canRestart = (kind: WorkloadKind): boolean => restartable.includes(kind)
export const canScale = (kind: WorkloadKind): boolean => scalable.includes(kind)
