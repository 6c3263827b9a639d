import { z } from 'zod'
import { configurationKinds, type OpenKind, openKinds } from './configuration-kind.ts'
import { objectName } from './workload-view.ts'

/** One object of a space. Both parts are in URLs, and become parts of paths on the API server. */
export const configurationRef = z.strictObject({ kind: z.enum(configurationKinds), name: objectName })
export type ConfigurationRef = z.infer<typeof configurationRef>

export const openRef = configurationRef.extend({ kind: z.enum(openKinds) })

/** An object that pods name in their spec. */
export const usedRef = configurationRef.extend({ kind: z.enum(['ConfigMap', 'Secret', 'PersistentVolumeClaim']) })
export type UsedRef = z.infer<typeof usedRef>

/** A key of a ConfigMap or Secret: https://kubernetes.io/docs/concepts/configuration/configmap/ */
export const dataKey = z.string().regex(/^[-._a-zA-Z0-9]{1,253}$/)

/** Objects that are read of each kind. */
const maxConfiguration = 500

/**
 * A list as `kubectl get` prints it (https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables).
 * Without the objects: their annotations may contain what `kubectl apply` sent, values of Secrets included.
 */
export const tableAccept = 'application/json;as=Table;v=v1;g=meta.k8s.io'
export const tableQuery = { includeObject: 'None', limit: String(maxConfiguration) } as const

export const tableSchema = z.object({
  metadata: z.object({ remainingItemCount: z.number().default(0) }).prefault({}),
  columnDefinitions: z.array(z.object({ name: z.string() })).nullish(),
  rows: z.array(z.object({ cells: z.array(z.unknown()) })).nullish(),
})

/** One object in a list: its cells by column, such as `Cluster-IP`. */
export type ConfigurationRow = { name: string; cells: Readonly<Record<string, string>> }

/** `total` also counts the objects that weren’t read. */
export type ConfigurationList = { rows: ConfigurationRow[]; total: number }

export type ConfigurationLists = Readonly<Record<OpenKind, ConfigurationList>>

/** What Kubernetes prints for a missing value. */
const noValues: ReadonlySet<unknown> = new Set(['<none>', '<unset>', '', null, undefined])

/** @returns the rows by name; cells without a value are absent */
export function readTable({ metadata, columnDefinitions, rows }: z.infer<typeof tableSchema>): ConfigurationList {
  const columns = (columnDefinitions ?? []).map(({ name }) => name)
  const read = (rows ?? []).map(({ cells }): ConfigurationRow => {
    const filled = columns.flatMap((column, at) =>
      noValues.has(cells[at]) ? [] : [[column, String(cells[at])] as const],
    )
    const { Name: name = '', ...others } = Object.fromEntries(filled)
    return { name, cells: others }
  })
  return { rows: read.filter(({ name }) => name !== ''), total: read.length + metadata.remainingItemCount }
}
