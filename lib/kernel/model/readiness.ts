/**
 * The answer of a process to a readiness check. It names no hosts or people, because the caller isn't authenticated.
 */
export type Readiness = {
  ready: boolean
  /** For each part `ok`, or its fault. Not every fault makes the process unready. */
  parts: Readonly<Record<string, string>>
}

export const ok = 'ok'
export const noAnswer = 'does not answer'

/** @returns the names of a cluster's parts */
export const clusterPart = (cluster: string): string => `cluster/${cluster}`
export const fencesPart = (cluster: string): string => `fences/${cluster}`

/** How long a result is cached: a check queries Postgres, every cluster and the identity providers. */
export const readinessMs = 2_000

/** @returns the answer for anonymous callers: the status, and which required parts are missing */
export const renderBareReadiness = (readiness: Readiness, needed: readonly string[]) => {
  const { status, body } = renderReadiness(readiness)
  const missing = readiness.ready ? [] : needed.filter((part) => (readiness.parts[part] ?? ok) !== ok)
  return { status, body: { status: body.status, ...(missing.length > 0 && { missing }) } }
}

export const renderReadiness = ({ ready, parts }: Readiness) => ({
  status: ready ? 200 : 503,
  body: { status: ready ? ok : 'unready', parts },
})
