import { z } from 'zod'
import type { WorkloadKind } from '#lib/kernel/model/spaces/space-inside.ts'
import { changeBetween, digestOf, imagesOf, podTemplate, withoutHash } from './pod-template.ts'
import type { Revision, Revisions } from './revision.ts'

const revisionAnnotation = 'deployment.kubernetes.io/revision'
const causeAnnotation = 'kubernetes.io/change-cause'
/** For a page. By default, ten are stored. */
const maxShown = 50
/** Characters; a change cause is often a whole command. */
const maxCause = 500

const texts = z.record(z.string(), z.string()).default({})
const metadata = z.object({
  name: z.string(),
  uid: z.string(),
  resourceVersion: z.string().default(''),
  creationTimestamp: z.string(),
  annotations: texts,
  ownerReferences: z.array(z.object({ uid: z.string(), controller: z.boolean().default(false) })).default([]),
})

/** A workload that has revisions. */
export const revisedSchema = z.object({
  metadata,
  spec: z.object({
    paused: z.boolean().default(false),
    selector: z.object({ matchLabels: texts }),
    template: podTemplate,
  }),
})
export type Revised = z.infer<typeof revisedSchema>

type Stored = { metadata: z.infer<typeof metadata>; number: number; template: z.infer<typeof podTemplate> }

/**
 * A ReplicaSet of a Deployment, or a ControllerRevision of a StatefulSet or DaemonSet, with a patch of the workload as
 * its data: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/controller-revision-v1/
 */
export const storedRevision = z.union([
  z
    .object({ metadata, revision: z.number(), data: z.object({ spec: z.object({ template: podTemplate }) }) })
    .transform(({ metadata, revision, data }): Stored => {
      const { $patch: _, ...template } = data.spec.template
      return { metadata, number: revision, template: podTemplate.parse(template) }
    }),
  z.object({ metadata, spec: z.object({ template: podTemplate }) }).transform(
    ({ metadata, spec }): Stored => ({
      metadata,
      number: Number(metadata.annotations[revisionAnnotation] ?? 0),
      template: withoutHash(spec.template),
    }),
  ),
])

/** Where a kind’s revisions are stored. */
const stores: Readonly<Partial<Record<WorkloadKind, string>>> = {
  Deployment: 'replicasets',
  StatefulSet: 'controllerrevisions',
  DaemonSet: 'controllerrevisions',
}

/** @returns the path of the collection with a kind’s revisions on its API server; null: it has none */
export function revisionsPath(namespace: string, kind: WorkloadKind): string | null {
  const resource = stores[kind]
  return resource ? `/apis/apps/v1/namespaces/${namespace}/${resource}` : null
}

/** @returns whether a workload’s controller created a revision */
export const ownsRevision = ({ metadata: { uid } }: Revised, { metadata: { ownerReferences } }: Stored): boolean =>
  ownerReferences.some((owner) => owner.controller && owner.uid === uid)

/**
 * @param found revisions, of other workloads too
 * @param mask for texts on pages
 */
export function revisionsOf(workload: Revised, found: readonly Stored[], mask: (text: string) => string): Revisions {
  const own = found
    .filter((one) => ownsRevision(workload, one))
    .toSorted((a, b) => b.number - a.number)
    .slice(0, maxShown)
  const { template, paused } = workload.spec
  const noted = Number(workload.metadata.annotations[revisionAnnotation])
  const current = Number.isNaN(noted) ? own[0]?.number : noted
  const items = own.map(({ metadata, number, template: stored }): Revision => {
    const cause = metadata.annotations[causeAnnotation]
    return {
      name: metadata.name,
      number,
      createdAt: metadata.creationTimestamp,
      cause: cause ? mask(cause.slice(0, maxCause)) : null,
      images: imagesOf(stored),
      current: number === current,
      digest: digestOf(stored),
      change: changeBetween(template, stored),
    }
  })
  return { items, digest: digestOf(template), paused }
}

/** Annotations that `kubectl rollout undo` leaves as they are. */
const keptAnnotations: readonly string[] = [
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
]

/**
 * @returns the patch by which `kubectl rollout undo` restores a revision’s template, refused by the API server if the
 *   workload has changed since it was read
 */
export function renderRollBack(
  kind: WorkloadKind,
  { metadata: { resourceVersion, annotations } }: Revised,
  { template, metadata: stored }: Stored,
): { type: string; content: unknown } {
  if (kind !== 'Deployment') {
    const content = { metadata: { resourceVersion }, spec: { template: { ...template, $patch: 'replace' } } }
    return { type: 'application/strategic-merge-patch+json', content }
  }
  const isKept = ([name]: readonly [string, string]) => keptAnnotations.includes(name)
  const restored = Object.fromEntries([
    ...Object.entries(stored.annotations).filter((one) => !isKept(one)),
    ...Object.entries(annotations).filter(isKept),
  ])
  const content = [
    { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
    { op: 'replace', path: '/spec/template', value: template },
    { op: 'add', path: '/metadata/annotations', value: restored },
  ]
  return { type: 'application/json-patch+json', content }
}
