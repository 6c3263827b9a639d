import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { readProcessStart } from '#dev/runner/process-start.mjs'

const holderSchema = z.object({ pid: z.number().int().positive(), startedAt: z.string(), webUrl: z.string() })
export type Holder = z.infer<typeof holderSchema>

/** Another start uses the same state right now. */
export class AlreadyRunning extends Error {
  readonly holder: Holder
  constructor(holder: Holder) {
    super(`Spaceport is already running: ${holder.webUrl} (process ${holder.pid}). Stop it first: kill ${holder.pid}`)
    this.name = 'AlreadyRunning'
    this.holder = holder
  }
}

const readHolder = (file: string): Holder | undefined => {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}

/**
 * Claims a state folder for this process. A claim counts only while its process lives; another one that reuses the pid
 * does not hold it.
 * @param onStale called when the previous holder was killed, so that its processes may still exist
 * @returns a function that releases the claim
 * @throws AlreadyRunning
 */
export async function claimState(
  stateDir: string,
  webUrl: string,
  onStale: () => void = () => {},
): Promise<() => void> {
  const file = join(stateDir, 'running.json')
  mkdirSync(stateDir, { recursive: true })
  const startedAt = readProcessStart(process.pid) ?? ''
  const mine: Holder = { pid: process.pid, startedAt, webUrl }
  for (;;) {
    try {
      writeFileSync(file, JSON.stringify(mine), { flag: 'wx' })
      return () => {
        if (readHolder(file)?.pid === process.pid) rmSync(file, { force: true })
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    const holder = readHolder(file)
    if (holder !== undefined && readProcessStart(holder.pid) === holder.startedAt) throw new AlreadyRunning(holder)
    onStale()
    rmSync(file, { force: true })
  }
}
