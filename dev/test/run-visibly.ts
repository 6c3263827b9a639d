import { spawn } from 'node:child_process'
import { projectRoot } from '#dev/project-root.ts'

const forceAfterMs = 30_000
const maxLastErrors = 30_000
const lastWordsMs = 1_000

/**
 * `status`: a program’s exit status; 124 when it took too long. `lastErrors`: the end of its standard error, at most
 * 30,000 characters.
 */
export type VisibleRun = { status: number; lastErrors: string }

/** Runs a program with visible output, and stops it at its time limit. */
export function runVisibly(
  program: string,
  args: readonly string[],
  { env, limitMs }: { env?: Record<string, string>; limitMs: number },
): Promise<VisibleRun> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: projectRoot,
      stdio: ['inherit', 'inherit', 'pipe'],
      env: { ...process.env, ...env },
    })
    let late = false
    let lastErrors = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      process.stderr.write(text)
      lastErrors = `${lastErrors}${text}`.slice(-maxLastErrors)
    })
    const limit = setTimeout(() => {
      late = true
      console.error(`This has taken ${Math.round(limitMs / 60_000)} minutes and is being stopped.`)
      child.kill('SIGTERM')
    }, limitMs)
    const force = setTimeout(() => child.kill('SIGKILL'), limitMs + forceAfterMs)
    let interrupted: 130 | 143 | undefined
    // A terminal’s Ctrl-C reaches the program directly; this waits for its last output.
    const noteInterrupt = () => {
      interrupted = 130
    }
    const forward = (signal: NodeJS.Signals) => {
      interrupted = 143
      child.kill(signal)
    }
    process.on('SIGINT', noteInterrupt).on('SIGTERM', forward)
    const end = (status: number) => {
      clearTimeout(limit)
      clearTimeout(force)
      process.off('SIGINT', noteInterrupt).off('SIGTERM', forward)
      // After an interrupt, no further step runs.
      if (interrupted) process.exit(interrupted)
      resolve({ status: late ? 124 : status, lastErrors })
    }
    child.on('error', (error) => {
      console.error(`${program} could not be started: ${error.message}`)
      end(127)
    })
    // A process that it left running may keep the stream open.
    child.on('exit', () => setTimeout(() => child.stderr.destroy(), lastWordsMs).unref())
    child.on('close', (code) => end(code ?? 128))
  })
}
