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

/** How to reach and verify a cluster: the `cluster` of a kubeconfig, without paths to other files. */
export type ClusterEntry = { server: string; [setting: string]: unknown }

/**
 * Reads one context's cluster from a kubeconfig.
 * @param wanted default: the current context
 * @throws Error with a sentence that says what is missing and lists the available contexts
 */
export async function readKubeconfigContext(
  path: string,
  wanted: string | undefined,
): Promise<{ context: string; cluster: ClusterEntry }> {
  const parsed = kubeconfigSchema.safeParse(parseYaml(await readText(path, 'kubeconfig')))
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
  const ca = await readText(resolve(dirname(path), caPath), `CA, which ${path} names,`)
  return {
    context: context.name,
    cluster: { ...cluster, 'certificate-authority-data': Buffer.from(ca).toString('base64') },
  }
}

const reasons: Readonly<Record<string, string>> = { EACCES: 'you may not read it', EISDIR: 'it is a folder' }

async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (['ENOENT', 'ENOTDIR'].includes(code)) throw new Error(`There is no ${what} at ${path}.`)
    throw new Error(`The ${what} at ${path} can’t be read: ${reasons[code] ?? code}.`)
  }
}

function parseYaml(text: string): unknown {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}
