import { selectRecoveryLines } from '#lib/features/recovery/db/select-recovery-lines.ts'
import { type RecoveryInput, recoveryFormat } from '#lib/features/recovery/model/recovery-file.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import type { Clusters } from '#lib/kube/client/cluster.ts'
import { readSource } from './read-source.ts'

/**
 * Writes what Spaceport knows of people and spaces, and what each cluster says of them. No secret and no hash of one is in
 * it, and nobody gets in with it; but it names everybody.
 * @returns lines of JSON (recovery-file.ts). A cluster that doesn't answer has a line that says so
 */
export async function* exportInstallation(pool: Pool, clusters: Clusters, at: Date): AsyncGenerator<string> {
  let lines = 0
  const render = (line: RecoveryInput) => {
    lines++
    return `${JSON.stringify(line)}\n`
  }
  yield render({ kind: 'begin', ...recoveryFormat, at: at.toISOString() })
  for await (const line of selectRecoveryLines(pool)) yield render(line)
  for (const cluster of clusters.names) {
    const source = await readSource(clusters.get(cluster)).catch((error: unknown) => {
      if (error instanceof Error) return error.message
      throw error
    })
    if (typeof source === 'string') yield render({ kind: 'unread', cluster, why: source })
    else
      for (const said of [...source.people, ...source.spaces, ...source.unclear.map((unclear) => ({ unclear }))])
        yield render({ kind: 'found', cluster, said })
  }
  yield render({ kind: 'end', lines: lines + 1 })
}
