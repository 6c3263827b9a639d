import { bad, doubtful, type Finding, good, skipped } from './finding.ts'

const page = 'docs/cluster-audit.md'
/** The worker's own requests arrive at least every two minutes. */
const silentMs = 10 * 60_000

type Intake = { cluster: string; tokens: number; receivedAt: Date | null }

/**
 * @param clusters as `bin/spaceport audit-webhook status` reports them;
 * @param now ms
 */
export function checkIntake(clusters: readonly Intake[], now: number): Finding[] {
  const used = clusters.filter(({ tokens, receivedAt }) => tokens > 0 || receivedAt !== null)
  if (used.length === 0) return [skipped(`It is off: no cluster has a token for it (${page})`)]
  return clusters.flatMap((one) => checkCluster(one, now))
}

function checkCluster({ cluster, tokens, receivedAt }: Intake, now: number): Finding[] {
  if (tokens === 0)
    return receivedAt === null
      ? [skipped(`It is off for ${cluster}, which has no token for it`)]
      : [
          doubtful(
            `${cluster} has no token in force; its audit last came in at ${receivedAt.toISOString()}`,
            `bin/spaceport audit-webhook make, if it should come in (${page})`,
          ),
        ]
  const connect = `give each API server the webhook’s flags, and check its log; or bin/spaceport audit-webhook void ${cluster} (${page})`
  const rotation =
    tokens > 1
      ? [
          doubtful(
            `${cluster} has ${tokens} tokens in force`,
            `bin/spaceport audit-webhook settle ${cluster}, once each API server has the newest (${page})`,
          ),
        ]
      : []
  if (receivedAt === null)
    return [bad(`${cluster} has a token in force, but its audit never came in`, connect), ...rotation]
  const at = receivedAt.toISOString()
  if (now - receivedAt.getTime() > silentMs)
    return [bad(`The audit of ${cluster} last came in at ${at}, more than ten minutes ago`, connect), ...rotation]
  return [good(`The audit of ${cluster} comes in, last at ${at}`), ...rotation]
}
