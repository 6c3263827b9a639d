import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { watchOver } from './reaper.ts'

export type Exit = { code: number | null; signal: NodeJS.Signals | null }

export type ManagedProcess = {
  readonly name: string
  readonly pid: number
  readonly logFile: string
  /** Resolves when the process has exited, for whatever reason. */
  readonly exited: Promise<Exit>
  /** Set once it has exited. */
  exit(): Exit | undefined
  /** Sends a signal to the process only. */
  kill(signal: NodeJS.Signals): void
  /** Asks it to end, waits, and kills it with all its children when it takes longer than `graceMs`. */
  stop(options?: { signal?: NodeJS.Signals; graceMs?: number }): Promise<void>
  /** The last lines of its log. */
  tail(lines?: number): string
}

export type ProcessOptions = {
  name: string
  command: string
  args: readonly string[]
  env: Record<string, string | undefined>
  cwd: string
  logFile: string
  uid?: number
  gid?: number
  /** Called when the process exits without a call of `stop`. */
  onExit?: (exit: Exit) => void
}

/**
 * Starts a process in a process group of its own, so that Ctrl-C in a terminal reaches only this process, which stops
 * the others in order; both its streams go to `logFile` (the log of the previous run is kept beside it as `.1`).
 * @throws Error when the program can't be started
 */
export async function startProcess(options: ProcessOptions): Promise<ManagedProcess> {
  const { name, logFile } = options
  mkdirSync(dirname(logFile), { recursive: true })
  if (existsSync(logFile)) renameSync(logFile, `${logFile}.1`)
  const log = openSync(logFile, 'a', 0o600)
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    // Next's types require NODE_ENV in every environment, even a database's.
    env: options.env as NodeJS.ProcessEnv,
    stdio: ['ignore', log, log],
    detached: true,
    ...(options.uid !== undefined && { uid: options.uid }),
    ...(options.gid !== undefined && { gid: options.gid }),
  })
  closeSync(log)
  await once(child, 'spawn').catch((error: unknown) => {
    throw new Error(`${name} could not be started (${options.command})`, { cause: error })
  })
  const pid = child.pid
  if (pid === undefined) throw new Error(`${name} has no process id`)

  const release = watchOver(pid)
  let stopping = false
  let exit: Exit | undefined
  const exited = new Promise<Exit>((resolve) => {
    child.on('exit', (code, signal) => {
      exit = { code, signal }
      release()
      resolve(exit)
      if (!stopping) options.onExit?.(exit)
    })
  })
  const kill = (signal: NodeJS.Signals) => {
    if (exit === undefined) child.kill(signal)
  }
  const killGroup = () => {
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // Nobody is left in the group.
    }
  }

  return {
    name,
    pid,
    logFile,
    exited,
    exit: () => exit,
    kill,
    stop: async ({ signal = 'SIGTERM', graceMs = 10_000 } = {}) => {
      stopping = true
      kill(signal)
      await Promise.race([exited, sleep(graceMs, undefined, { ref: false })])
      killGroup()
      await exited
    },
    tail: (lines = 15) => readTail(logFile, lines),
  }
}

const readTail = (path: string, lines: number): string => {
  if (!existsSync(path)) return ''
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-lines).join('\n')
}

/** @returns "status 1" or "SIGKILL" */
export const describeExit = ({ code, signal }: Exit): string => signal ?? `status ${code}`
