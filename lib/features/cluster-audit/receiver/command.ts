import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { readMigrationConfig } from '#lib/config/config.ts'
import { selectAuditWebhooks } from '#lib/features/cluster-audit/db/cluster-audit-tokens.ts'
import { createOwnerDb } from '#lib/kernel/db/client.ts'
import { createReaderPool } from '#lib/kernel/db/pool.ts'
import { makeClusterToken, voidClusterTokens } from './audit-tokens.ts'
import { renderWebhookKubeconfig } from './render-webhook-kubeconfig.ts'

const usage = `Usage: bin/spaceport audit-webhook make CLUSTER URL [CA] | settle CLUSTER | void CLUSTER | status

  make    prints the kubeconfig with which the API server of CLUSTER sends its audit to the worker at URL
          (https://host:port); CA is a file with the CA of the worker’s certificate.
          The previous token stays valid, so that API servers can be changed one by one; older ones are revoked
  settle  revokes all tokens of CLUSTER except the newest, once every API server has that
  void    revokes all tokens of CLUSTER
  status  shows for each cluster the number of valid tokens, and when its audit last arrived`

const clusterName = /^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$/

/** The operator’s command for the clusters' webhooks. It needs the database, as its owner. */
async function run([verb, cluster = '', url, caFile, ...more]: readonly string[]): Promise<void> {
  const given = [cluster || undefined, url, caFile].filter((argument) => argument !== undefined).length
  const wanted = new Map([
    ['make', [2, 3]],
    ['settle', [1]],
    ['void', [1]],
    ['status', [0]],
  ])
  if (verb === undefined || more.length > 0 || !wanted.get(verb)?.includes(given)) throw new Error(usage)
  if (given > 0 && !clusterName.test(cluster)) throw new Error(`${cluster} is not the name of a cluster.\n\n${usage}`)
  const server = url === undefined ? '' : originOf(url)
  const ca = caFile === undefined ? '' : readCa(caFile)
  const databaseUrl = readMigrationConfig().DATABASE_URL
  if (verb === 'status') return printStatus(databaseUrl)
  const db = createOwnerDb(databaseUrl)
  const services = { db, hostname: hostname(), at: new Date() }
  try {
    if (verb === 'make') {
      const token = await makeClusterToken(services, cluster)
      process.stdout.write(renderWebhookKubeconfig({ url: server, ca, cluster, token }))
      console.error(
        `The token in it is shown only once. Store it where only the API server can read it (--audit-webhook-config-file), and run \`audit-webhook settle ${cluster}\` when every API server has it.`,
      )
    } else {
      const count = await voidClusterTokens(services, cluster, verb === 'settle' ? 1 : 0)
      console.log(count === 0 ? 'There was no token to revoke.' : `Revoked: ${count}.`)
    }
  } finally {
    await db.$disconnect()
  }
}

async function printStatus(databaseUrl: string): Promise<void> {
  const pool = createReaderPool(databaseUrl, 'spaceport-audit-webhook')
  try {
    for (const { cluster, tokens, receivedAt } of await selectAuditWebhooks(pool))
      console.log(
        `${cluster}: ${tokens} valid, ${receivedAt ? `last received at ${receivedAt.toISOString()}` : 'nothing received yet'}`,
      )
  } finally {
    await pool.end()
  }
}

/**
 * An API server sends no token over plain http.
 * @returns the URL without a path
 */
function originOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol !== 'https:' || parsed.pathname !== '/' || parsed.search !== '')
    throw new Error(`${url} is not a URL like https://host:port.\n\n${usage}`)
  return parsed.origin
}

function readCa(file: string): string {
  const pem = readFileSync(file, 'utf8')
  void new X509Certificate(pem)
  return pem
}

run(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
