import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { startBreakableProxy } from './breakable-proxy.ts'

const kubeconfigSchema = z.looseObject({
  clusters: z.tuple([z.looseObject({ cluster: z.looseObject({ server: z.string() }) })]),
  users: z.tuple([z.looseObject({ name: z.string() })]),
})

/**
 * The tests' API server under two names, as the broker: `steady` directly, `shaky` through a network that can fail.
 * @returns the kubeconfig with a context for each, their configuration in Spaceport, and the network
 */
export async function openClustersSideBySide() {
  const { clusters, users, ...rest } = kubeconfigSchema.parse(parse(readFileSync(inject('kubeBroker'), 'utf8')))
  const [{ cluster }] = clusters
  const [{ name: user }] = users
  const server = new URL(cluster.server)
  const network = await startBreakableProxy({ host: server.hostname, port: Number(server.port) })
  const behind = Object.assign(new URL(server), { hostname: '127.0.0.1', port: String(network.port) }).origin
  const servers = { steady: server.origin, shaky: behind }
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-clusters-'))
  const kubeconfig = join(dir, 'kubeconfig')
  const names = ['steady', 'shaky'] as const
  const described = {
    ...rest,
    users,
    clusters: names.map((name) => ({ name, cluster: { ...cluster, server: servers[name] } })),
    contexts: names.map((name) => ({ name, context: { cluster: name, user } })),
    'current-context': 'steady',
  }
  writeFileSync(kubeconfig, JSON.stringify(described), { mode: 0o600 })
  return {
    kubeconfig,
    clusters: names.map((name) => ({ name, context: name })),
    network,
    async close() {
      await network.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
