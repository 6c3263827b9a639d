import { spawn } from 'node:child_process'
import { projectRoot } from '#dev/project-root.ts'

const forceAfterMs = 30_000

/**
 * Runs a program whose output people watch, and ends it when it takes longer than it may.
 * @returns its exit status; 124 when it took too long
 */
export function runVisibly(
  program: string,
  args: readonly string[],
  { env, limitMs }: { env?: Record<string, string>; limitMs: number },
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: projectRoot, stdio: 'inherit', env: { ...process.env, ...env } })
    let late = false
    const limit = setTimeout(() => {
      late = true
      console.error(`This has taken ${Math.round(limitMs / 60_000)} minutes and is being stopped.`)
      child.kill('SIGTERM')
    }, limitMs)
    const force = setTimeout(() => child.kill('SIGKILL'), limitMs + forceAfterMs)
    let interrupted = false
    const forward = (signal: NodeJS.Signals) => {
      interrupted = true
      child.kill(signal)
    }
    process.on('SIGTERM', forward)
    const end = (status: number) => {
      clearTimeout(limit)
      clearTimeout(force)
      process.off('SIGTERM', forward)
      // An interrupt means that no next step is wanted.
      if (interrupted) process.exit(143)
      resolve(late ? 124 : status)
    }
    child.on('error', (error) => {
      console.error(`${program} could not be started: ${error.message}`)
      end(127)
    })
    child.on('exit', (code) => end(code ?? 128))
  })
}
