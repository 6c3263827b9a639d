import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { watchOver } from '#dev/process/reaper.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'

const deaths = 5

/**
 * Kills a process that writes to the trail, several times, and counts acknowledged events that are missing from it.
 * @param databaseUrl of the process
 */
export async function countLost(options: {
  ownerUrl: string
  databaseUrl: string
  dir: string
}): Promise<{ acknowledged: number; lost: number }> {
  let acknowledged = 0
  let lost = 0
  for (let death = 0; death < deaths; death++) {
    const ids = await writeUntilKilled(options.databaseUrl, join(options.dir, `acknowledged-${death}.txt`))
    const [row] = await ownerSql(
      options.ownerUrl,
      'SELECT count(*)::int AS there FROM audit_event WHERE id = ANY($1)',
      [ids],
    )
    if (ids.length === 0) throw new Error('nothing was acknowledged before the process was killed')
    acknowledged += ids.length
    lost += ids.length - Number(row?.there)
  }
  return { acknowledged, lost }
}

/** @returns the acknowledged ids, without a half-written last line */
async function writeUntilKilled(databaseUrl: string, file: string): Promise<string[]> {
  const output = await open(file, 'w')
  const program = join(import.meta.dirname, 'append-until-killed.ts')
  const child = spawn(process.execPath, [program, databaseUrl], { stdio: ['ignore', output.fd, 'inherit'] })
  const release = child.pid === undefined ? undefined : watchOver(child.pid)
  const exited = once(child, 'exit')
  try {
    const ids = () => readFileSync(file, 'utf8').split('\n').slice(0, -1)
    const deadline = performance.now() + 30_000
    while (ids().length < 1_000 && child.exitCode === null && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20))
    child.kill('SIGKILL')
    await exited
    return ids()
  } finally {
    release?.()
    await output.close()
  }
}
