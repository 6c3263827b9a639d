import { randomBytes } from 'node:crypto'
import { Agent } from 'undici'
import { makeAuditToken } from '#lib/kernel/credentials/token.ts'
import { bad, type Finding, good } from './finding.ts'

const page = 'docs/cluster-audit.md'

/**
 * Sends a batch without events, with an invalid token.
 * @param ca PEM; undefined: public authorities
 */
export async function askReceiver(
  url: URL,
  cluster: string,
  ca: string | undefined,
  signal: AbortSignal,
): Promise<Finding> {
  const agent = new Agent({ connect: { ...(ca !== undefined && { ca }) } })
  try {
    const { statusCode, body } = await agent.request({
      origin: url.origin,
      path: `/clusters/${encodeURIComponent(cluster)}/audit`,
      method: 'POST',
      headers: {
        authorization: `Bearer ${makeAuditToken(randomBytes).token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items: [] }),
      signal,
    })
    await body.dump()
    return checkStatus(statusCode)
  } finally {
    await agent.close()
  }
}

function checkStatus(status: number): Finding {
  if (status === 401) return good('The receiver refuses an unknown token')
  if (status === 503)
    return bad(
      'The receiver answers, but can’t reach the trail',
      `make sure that the worker reaches Postgres (${page})`,
    )
  return bad(
    `The receiver answers an unknown token with ${status} instead of 401`,
    `route the address to the workers, and to nothing else (${page})`,
  )
}
