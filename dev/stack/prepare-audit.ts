import { writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Authority } from '#dev/cluster/certificates.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { admitClusterToken } from '#lib/features/cluster-audit/receiver/audit-tokens.ts'
import { renderWebhookKubeconfig } from '#lib/features/cluster-audit/receiver/render-webhook-kubeconfig.ts'
import { createOwnerDb } from '#lib/kernel/db/client.ts'
import { clusterOfStack } from './environment.ts'

/**
 * How the stack's API server and worker find each other: a kubeconfig for the one, port and certificate of the other.
 */
export type StackAudit = { webhook: string; receiver: { port: number; certFile: string; keyFile: string } }

/** Writes the kubeconfig with which the API server sends its audit; it must exist before the worker does. */
export async function prepareAudit(options: {
  stateDir: string
  authority: Authority
  ca: string
  token: string
}): Promise<StackAudit> {
  const { stateDir, authority, ca, token } = options
  const tls = await authority.issue('audit', { commonName: 'audit', hosts: ['127.0.0.1'], usages: ['server'] })
  const { audit: port } = await freePorts('audit')
  const webhook = join(stateDir, 'audit-webhook.kubeconfig')
  const url = `https://127.0.0.1:${port}`
  writeFileSync(webhook, renderWebhookKubeconfig({ url, ca, cluster: clusterOfStack, token }), { mode: 0o600 })
  return { webhook, receiver: { port, ...tls } }
}

/** Puts the token in that kubeconfig in force. */
export async function admitStackToken(ownerUrl: string, token: string): Promise<void> {
  const db = createOwnerDb(ownerUrl)
  try {
    await admitClusterToken({ db, hostname: hostname(), at: new Date() }, clusterOfStack, token)
  } finally {
    await db.$disconnect()
  }
}
