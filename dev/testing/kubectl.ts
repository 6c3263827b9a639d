import { spawn } from 'node:child_process'

export type Finished = { status: number; stdout: string; stderr: string }

export type Running = {
  /** Its output so far, on both streams. */
  output: () => string
  ended: Promise<Finished>
  stop: () => Promise<void>
}

export type Kubectl = {
  /** Runs to its end, successful or not. */
  run: (args: readonly string[], options?: { input?: string }) => Promise<Finished>
  /**
   * Runs to its end.
   * @returns its output
   * @throws Error with its error output
   */
  ok: (args: readonly string[], options?: { input?: string }) => Promise<string>
  /** For commands that run until they are stopped: watches, logs -f, port-forward. */
  start: (args: readonly string[]) => Running
}

const patienceMs = 60_000

/** The real kubectl with one kubeconfig and nothing else from the environment. */
export function createKubectl(options: { program: string; kubeconfig: string; context?: string | undefined }): Kubectl {
  const chosen = options.context === undefined ? [] : ['--context', options.context]

  function launch(args: readonly string[], input: string | undefined): Running {
    const child = spawn(options.program, [...chosen, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      // HOME: nothing is cached between two kubeconfigs, and the developer's own one is not used.
      env: { ...process.env, HOME: `${options.kubeconfig}.home`, KUBECONFIG: options.kubeconfig },
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    // A kubectl that exits without reading breaks the pipe; its output says why.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    const { promise: ended, resolve, reject } = Promise.withResolvers<Finished>()
    ended.catch(() => {})
    child.on('error', reject)
    child.on('close', (code) => resolve({ status: code ?? 128, stdout, stderr }))
    return {
      output: () => stdout + stderr,
      ended,
      stop: async () => {
        child.kill('SIGKILL')
        await ended
      },
    }
  }

  async function run(args: readonly string[], { input }: { input?: string } = {}): Promise<Finished> {
    const running = launch(args, input)
    const late = setTimeout(() => void running.stop(), patienceMs)
    try {
      return await running.ended
    } finally {
      clearTimeout(late)
    }
  }
  return {
    run,
    ok: async (args, given) => {
      const { status, stdout, stderr } = await run(args, given)
      if (status !== 0) throw new Error(`kubectl ${args.join(' ')} ended with status ${status}:\n${stderr}${stdout}`)
      return stdout
    },
    start: (args) => launch(args, undefined),
  }
}
