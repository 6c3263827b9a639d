/**
 * Renders objects that declare spaces for a person. Must never show annotations, labels or managed fields (they repeat
 * the whole object), nor more to a member than the portal shows to every member: not the other declared members, the
 * reason for a request, or condition messages about other people.
 */
import { z } from 'zod'
import { spaceObjectVersion } from '#lib/kernel/model/spaces/space-object.ts'

const metadataSchema = z.object({
  name: z.string(),
  namespace: z.string(),
  uid: z.string(),
  resourceVersion: z.string().optional(),
  generation: z.number().optional(),
  creationTimestamp: z.string().optional(),
  deletionTimestamp: z.string().optional(),
})
const conditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  observedGeneration: z.number().optional(),
  lastTransitionTime: z.string(),
  reason: z.string(),
  message: z.string(),
})
const objectSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({
    description: z.string().optional(),
    size: z.string(),
    expiresAt: z.string().optional(),
    members: z.unknown().optional(),
    reason: z.string().optional(),
    deletionPolicy: z.string().optional(),
  }),
  status: z
    .object({
      observedGeneration: z.number().optional(),
      spaceId: z.string().optional(),
      namespace: z.string().optional(),
      owner: z.string().optional(),
      url: z.string().optional(),
      requestUrl: z.string().optional(),
      conditions: z.array(conditionSchema).optional(),
    })
    .optional(),
})
type SpaceObject = z.infer<typeof objectSchema>

export const objectListSchema = z.object({ items: z.array(objectSchema) })
/** meta.k8s.io/v1 */
export const objectTableSchema = z.object({
  columnDefinitions: z.array(z.unknown()),
  rows: z.array(z.object({ cells: z.array(z.unknown()), object: z.object({ metadata: metadataSchema }) })),
})

export type ObjectIdentity = z.infer<typeof metadataSchema>
/** Null: nothing is shown. */
export type ReachOf = (metadata: ObjectIdentity) => 'all' | 'some' | null

const withheldMessage = 'Only the space’s owner can see this message.'

function renderObject({ metadata, spec, status }: SpaceObject, reach: 'all' | 'some') {
  const { members, reason, deletionPolicy, ...shown } = spec
  const { requestUrl, conditions, ...facts } = status ?? {}
  return {
    apiVersion: spaceObjectVersion,
    kind: 'Space',
    metadata,
    spec: reach === 'all' ? spec : shown,
    ...(status && {
      status: {
        ...facts,
        ...(reach === 'all' && requestUrl !== undefined && { requestUrl }),
        ...(conditions && {
          conditions: reach === 'all' ? conditions : conditions.map((one) => ({ ...one, message: withheldMessage })),
        }),
      },
    }),
  }
}

export function renderObjects(lists: readonly z.infer<typeof objectListSchema>[], reachOf: ReachOf) {
  return lists
    .flatMap(({ items }) => items)
    .flatMap((object) => {
      const reach = reachOf(object.metadata)
      return reach === null ? [] : [renderObject(object, reach)]
    })
}

export const renderObjectList = (items: readonly object[]) => ({
  apiVersion: spaceObjectVersion,
  kind: 'SpaceList',
  metadata: { resourceVersion: '' },
  items,
})

/** The columns (deploy/cluster-chart/templates/05-space-crd.yaml) hold only what every member may see. */
export function renderObjectTable(tables: readonly z.infer<typeof objectTableSchema>[], reachOf: ReachOf) {
  const rows = tables
    .flatMap((table) => table.rows)
    .filter(({ object }) => reachOf(object.metadata) !== null)
    .map(({ cells, object: { metadata } }) => ({
      cells,
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata },
    }))
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: '' },
    columnDefinitions: tables[0]?.columnDefinitions ?? [],
    rows,
  }
}
