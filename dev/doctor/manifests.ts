import { z } from 'zod'
import { isAppError } from '#lib/kernel/model/errors.ts'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { objectPath } from '#lib/kube/client/object-path.ts'
import { request } from '#lib/kube/client/request.ts'
import type { Area } from './check.ts'
import { listDifferences } from './differences.ts'
import { bad, type Finding, good } from './finding.ts'

const remedy =
  'kubectl apply --server-side -f deploy/cluster-chart/templates/, or helm upgrade (docs/own-cluster.md, 1; docs/install.md, 7)'

/**
 * Checks that everything in `deploy/cluster-chart/templates` is on the cluster as this version ships it. Fences have an
 * area of their own.
 */
export const manifestsArea = (cluster: Cluster, shipped: readonly Manifest[]): Area => ({
  title: 'Manifests',
  checks: groups(shipped).map(([title, manifests]) => ({
    about: title,
    remedy: 'let this login read them',
    limitMs: 20_000,
    run: async (signal) => {
      const faults = await Promise.all(manifests.map((manifest) => compare(cluster, manifest, signal)))
      const found = faults.flat()
      return found.length > 0 ? found : good(`${title}: ${manifests.length}, as this version ships them`)
    },
  })),
})

const titles: readonly [string, readonly string[]][] = [
  ['Namespaces with their Pod Security labels', ['Namespace']],
  ['ServiceAccounts', ['ServiceAccount']],
  ['ClusterRoles and Roles', ['ClusterRole', 'Role']],
  ['Bindings', ['ClusterRoleBinding', 'RoleBinding']],
  ['Declared spaces', ['CustomResourceDefinition']],
  ['Objects for the fences’ proofs', ['RuntimeClass', 'ResourceQuota', 'NetworkPolicy']],
]

/** A kind without a title would be left out silently, so it gets one. */
function groups(shipped: readonly Manifest[]): [string, Manifest[]][] {
  const known = titles.flatMap(([, kinds]) => kinds)
  const others = shipped.filter(({ kind }) => !known.includes(kind) && !kind.startsWith('ValidatingAdmissionPolicy'))
  const ofTitles = titles.map(([title, kinds]): [string, Manifest[]] => [
    title,
    shipped.filter(({ kind }) => kinds.includes(kind)),
  ])
  return [...ofTitles, ...(others.length > 0 ? [['Other objects', others] satisfies [string, Manifest[]]] : [])]
}

async function compare(cluster: Cluster, shipped: Manifest, signal: AbortSignal): Promise<Finding[]> {
  const { name, namespace } = shipped.metadata
  const called = `${shipped.kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`
  const path = objectPath({ apiVersion: shipped.apiVersion, kind: shipped.kind, name, ...(namespace && { namespace }) })
  try {
    const found = await request(cluster, { method: 'GET', path, signal }, z.unknown())
    return listDifferences(shipped, found).map((difference) => bad(`${called}: ${difference}`, remedy))
  } catch (error) {
    if (isAppError(error, 'not_found')) return [bad(`${called} is missing`, remedy)]
    throw error
  }
}
