/**
 * What each process answers to a readiness check: one shape and one set of words for all of them. It never names hosts
 * or people, because the caller is not authenticated.
 */
export type Readiness = {
  ready: boolean
  /** For each part `ok`, or what is wrong with it. Not every fault makes the process unready. */
  parts: Readonly<Record<string, string>>
}

export const ok = 'ok'
export const noAnswer = 'does not answer'

/** @returns the names of a cluster's parts */
export const clusterPart = (cluster: string): string => `cluster/${cluster}`
export const fencesPart = (cluster: string): string => `fences/${cluster}`

/** For how long a readiness check counts: it asks Postgres, every cluster and the identity providers. */
export const readinessMs = 2_000

/** @returns what strangers get: the status, and which of the parts that the process needs are missing */
export const renderBareReadiness = (readiness: Readiness, needed: readonly string[]) => {
  const { status, body } = renderReadiness(readiness)
  const missing = readiness.ready ? [] : needed.filter((part) => (readiness.parts[part] ?? ok) !== ok)
  return { status, body: { status: body.status, ...(missing.length > 0 && { missing }) } }
}

/** @returns the status and the JSON of an answer */
export const renderReadiness = ({ ready, parts }: Readiness) => ({
  status: ready ? 200 : 503,
  body: { status: ready ? ok : 'unready', parts },
})
