import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, fstatSync, mkdirSync, openSync, readSync } from 'node:fs'
import { dirname } from 'node:path'
import { watchOver } from './reaper.ts'

export type Exit = { code: number | null; signal: NodeJS.Signals | null; error?: Error }

export type RunningProcess = {
  readonly name: string
  readonly pid: number
  readonly logFile: string
  /** Resolves when it has ended, for whatever reason; never rejects. */
  readonly exited: Promise<Exit>
  /** @returns false once it has ended */
  isRunning(): boolean
  kill(signal: NodeJS.Signals): void
  /** Asks it to end, and makes it end when it does not within the grace. */
  stop(): Promise<void>
}

export type ProcessOptions = {
  name: string
  program: string
  args: readonly string[]
  env: Readonly<Record<string, string | undefined>>
  cwd: string
  /** Its output is appended here. */
  logFile: string
  uid?: number
  gid?: number
  stopSignal?: NodeJS.Signals
  /** Milliseconds between asking and forcing. */
  grace?: number
}

/**
 * Starts a long-running process in a process group of its own: a Ctrl-C in the terminal reaches only us, so that we stop
 * the parts in the right order. Should we be killed outright, the reaper ends it.
 */
export function startProcess(options: ProcessOptions): RunningProcess {
  const { name, program, args, env, cwd, logFile, uid, gid, stopSignal = 'SIGTERM', grace = 8_000 } = options
  mkdirSync(dirname(logFile), { recursive: true })
  const log = openSync(logFile, 'a', 0o600)
  const child: ChildProcess = spawn(program, args, {
    cwd,
    env: { ...env },
    stdio: ['ignore', log, log],
    detached: true,
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
  })
  closeSync(log)
  let running = true
  const exited = new Promise<Exit>((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }))
    child.once('exit', (code, signal) => resolve({ code, signal }))
  }).then((exit) => {
    running = false
    return exit
  })
  const pid = child.pid ?? 0
  if (pid > 0) {
    const release = watchOver(pid)
    void exited.then(release)
  }
  const kill = (signal: NodeJS.Signals) => {
    if (running) child.kill(signal)
  }
  return {
    name,
    pid,
    logFile,
    exited,
    isRunning: () => running,
    kill,
    async stop() {
      kill(stopSignal)
      const timer = setTimeout(() => kill('SIGKILL'), grace)
      await exited
      clearTimeout(timer)
    },
  }
}

/** @returns the last lines of a log, for showing why something failed */
export function readLastLines(logFile: string, count = 15): string[] {
  let file: number
  try {
    file = openSync(logFile, 'r')
  } catch {
    return []
  }
  try {
    const { size } = fstatSync(file)
    const buffer = Buffer.alloc(Math.min(size, 32_768))
    readSync(file, buffer, 0, buffer.length, size - buffer.length)
    return buffer
      .toString('utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(-count)
  } finally {
    closeSync(file)
  }
}

/** @returns how an ended process ended, in words */
export const describeExit = ({ code, signal, error }: Exit): string =>
  error !== undefined ? error.message : signal !== null ? `ended by ${signal}` : `exit status ${code}`
