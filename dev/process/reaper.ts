import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/**
 * Ends the processes of a killed `npm start` (kill -9, a closed terminal, an out-of-memory kill): a small process that
 * knows which ones to watch, and ends them when the pipe to it breaks.
 */
let reaper: ChildProcess | undefined
let watched = 0

function openReaper(): ChildProcess {
  const child = spawn(process.execPath, ['--max-old-space-size=16', fileURLToPath(import.meta.url)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  child.stdin?.on('error', () => {})
  child.on('error', () => {})
  child.unref()
  return child
}

/**
 * From now on the process ends when this one does.
 * @returns call it once the process has ended, because its pid may be reused
 */
export function watchOver(pid: number): () => void {
  reaper ??= openReaper()
  watched += 1
  reaper.stdin?.write(`+${pid}\n`)
  let released = false
  return () => {
    if (released) return
    released = true
    watched -= 1
    reaper?.stdin?.write(`-${pid}\n`)
    if (watched > 0) return
    reaper?.stdin?.end()
    reaper = undefined
  }
}

const signal = (pid: number, name: NodeJS.Signals) => {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended already.
  }
}

function reap(): void {
  // The parent handles Ctrl-C and hang-ups; this process reacts only to the parent's end.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {})
  const pids = new Set<number>()
  const lines = createInterface({ input: process.stdin })
  lines.on('line', (line) => {
    const pid = Number(line.slice(1))
    if (line.startsWith('+')) pids.add(pid)
    else pids.delete(pid)
  })
  lines.on('close', () => {
    if (pids.size === 0) return
    for (const pid of pids) signal(pid, 'SIGTERM')
    setTimeout(() => {
      for (const pid of pids) signal(pid, 'SIGKILL')
    }, 5_000)
  })
}

if (import.meta.main) reap()
