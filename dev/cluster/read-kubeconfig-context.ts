import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const clusterSchema = z.looseObject({ server: z.string(), 'certificate-authority': z.string().optional() })
const kubeconfigSchema = z.object({
  'current-context': z.string().optional(),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string() }) })).nullish(),
  clusters: z.array(z.object({ name: z.string(), cluster: clusterSchema })).nullish(),
})

/** How a cluster is reached and verified: the `cluster` of a kubeconfig, without paths to other files. */
export type ClusterEntry = { server: string; [setting: string]: unknown }

/**
 * Reads one context's cluster from a kubeconfig.
 * @param wanted default: the current context
 * @throws Error that lists the available contexts
 */
export async function readKubeconfigContext(
  path: string,
  wanted: string | undefined,
): Promise<{ context: string; cluster: ClusterEntry }> {
  const parsed = kubeconfigSchema.safeParse(parse(await readFile(path, 'utf8')))
  if (!parsed.success) throw new Error(`${path} is not a kubeconfig.`)
  const contexts = parsed.data.contexts ?? []
  const name = wanted ?? parsed.data['current-context']
  const context = contexts.find((candidate) => candidate.name === name)
  const found = parsed.data.clusters?.find((candidate) => candidate.name === context?.context.cluster)
  if (!context || !found) {
    const there = contexts.map((candidate) => candidate.name).join(', ') || 'none'
    throw new Error(`${path} has no usable context “${name ?? ''}”. It has: ${there}.`)
  }
  const { 'certificate-authority': caPath, ...cluster } = found.cluster
  if (caPath === undefined) return { context: context.name, cluster }
  const ca = await readFile(resolve(dirname(path), caPath))
  return { context: context.name, cluster: { ...cluster, 'certificate-authority-data': ca.toString('base64') } }
}
