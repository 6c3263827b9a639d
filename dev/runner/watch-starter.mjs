import { readFileSync } from 'node:fs'

/** @returns name and parent of a process, where /proc has them */
const readProcess = (pid) => {
  try {
    const [, name, parent] = /^\d+ \((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    return { name, parent: Number(parent) }
  } catch {
    return undefined
  }
}

const isShell = (name) => /^(ba|da|z|k|a)?sh$/.test(name)

/**
 * npm runs scripts through a shell. On SIGTERM, npm and the shell exit and leave the script running; when killed, npm
 * leaves even the shell. So an npm script watches them itself.
 * @param {() => void} onGone called once, when npm or its shell is gone
 */
export function watchStarter(onGone) {
  if (process.env.npm_lifecycle_event === undefined) return
  const shell = process.ppid
  const known = readProcess(shell)
  const npm = known !== undefined && isShell(known.name) ? known.parent : undefined
  const timer = setInterval(() => {
    const gone = process.ppid !== shell || (npm !== undefined && readProcess(shell)?.parent !== npm)
    if (!gone) return
    clearInterval(timer)
    onGone()
  }, 500)
  timer.unref()
}
