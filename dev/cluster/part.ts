import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, createReadStream, openSync, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'

/** A running process of the control plane. */
export type Part = {
  name: string
  pid: number
  logFile: string
  /** SIGTERM, SIGKILL after `graceMs`; resolves once the process is gone. Its end is then no failure. */
  stop(graceMs?: number): Promise<void>
  /** The end of what it wrote since it was started. */
  lastLines(count?: number): Promise<string[]>
}

/** Told when a part ends that nobody stopped. */
export type OnExit = (name: string, code: number | null, lastLogLines: string[]) => void

/**
 * Starts a program in a session of its own, so that Ctrl-C reaches only us and the parts end in order; a watcher ends
 * it when we are killed outright.
 */
export function startPart(options: {
  name: string
  command: string
  args: readonly string[]
  logFile: string
  environment?: Readonly<Record<string, string>>
  onExit: OnExit
}): Part {
  const log = openSync(options.logFile, 'a', 0o600)
  const begin = statSync(options.logFile).size
  const child = spawn(options.command, [...options.args], {
    stdio: ['ignore', log, log],
    detached: true,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...options.environment },
  })
  closeSync(log)
  const { pid } = child
  const gone = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code))
    child.once('error', () => resolve(null))
  })
  const watcher = pid === undefined ? undefined : watchOver(pid)
  let stopping = false

  const part: Part = {
    name: options.name,
    pid: pid ?? -1,
    logFile: options.logFile,
    async stop(graceMs = 10_000) {
      stopping = true
      await end(child, gone, graceMs)
    },
    lastLines: (count = 20) => readLastLines(options.logFile, begin, count),
  }
  void gone.then(async (code) => {
    watcher?.kill('SIGKILL')
    if (!stopping) options.onExit(options.name, code, await part.lastLines())
  })
  return part
}

async function end(child: ChildProcess, gone: Promise<unknown>, graceMs: number): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const waited = new AbortController()
  const late = delay(graceMs, 'late', { signal: waited.signal }).catch(() => 'gone')
  if ((await Promise.race([gone, late])) === 'late') child.kill('SIGKILL')
  waited.abort()
  await gone
}

/**
 * Reads from a pipe that only this process holds open: the end of the pipe is our end, however it came. One shell of
 * a megabyte each.
 */
function watchOver(pid: number): ChildProcess {
  const script = 'read -r _; kill -TERM "$0" 2>/dev/null || exit 0; sleep 5; kill -KILL "$0" 2>/dev/null'
  const watcher = spawn('/bin/sh', ['-c', script, String(pid)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  watcher.on('error', () => undefined)
  watcher.unref()
  return watcher
}

async function readLastLines(path: string, begin: number, count: number): Promise<string[]> {
  const start = Math.max(begin, statSync(path).size - 64 * 1024)
  const lines: string[] = []
  for await (const line of createInterface({ input: createReadStream(path, { start }) })) {
    lines.push(line)
    if (lines.length > count) lines.shift()
  }
  return lines
}
