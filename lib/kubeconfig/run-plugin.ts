/**
 * Runs the operator's credential plugin, with Spaceport's rights. It gets neither Spaceport's variables nor a terminal,
 * and its output must never be logged: it may be a secret. It ends within a time limit, with all its children.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { foreignEnvironment } from '#lib/config/foreign-environment.ts'
import { CredentialError } from './credential-error.ts'
import type { ExecPlugin } from './kubeconfig-schema.ts'

const maxOutput = 1024 * 1024

/**
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#input-and-output-formats
 * @param timeoutMs how long it may take
 * @returns its output
 * @throws CredentialError when it can't be started, fails, takes too long, or prints more than 1 MiB
 */
export function runPlugin(plugin: ExecPlugin, timeoutMs: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const child = spawn(/*turbopackIgnore: true*/ plugin.command, [...plugin.args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    // Its own session: without a terminal, and to be ended with its children.
    detached: true,
    env: renderEnvironment(plugin),
  })
  const giveUp = (why: string) => {
    endGroup(child)
    child.stdout.destroy()
    reject(new CredentialError(why))
  }
  const timer = setTimeout(() => giveUp(`did not end within ${timeoutMs / 1000} s`), timeoutMs)
  const chunks: Buffer[] = []
  let size = 0
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length
    chunks.push(chunk)
    if (size > maxOutput) giveUp('printed more than 1 MiB')
  })
  child.on('error', (error) => {
    const code = 'code' in error ? error.code : error.name
    reject(new CredentialError(code === 'ENOENT' ? 'does not exist' : `could not be started (${code})`))
  })
  child.on('close', (status, signal) => {
    if (status === 0) resolve(Buffer.concat(chunks).toString('utf8'))
    else reject(new CredentialError(`failed with ${signal ?? `status ${status}`}; run it by hand to see why`))
  })
  return promise.finally(() => clearTimeout(timer))
}

function renderEnvironment(plugin: ExecPlugin): NodeJS.ProcessEnv {
  const { apiVersion, cluster, env } = plugin
  const info = { apiVersion, kind: 'ExecCredential', spec: { interactive: false, ...(cluster && { cluster }) } }
  return {
    ...foreignEnvironment(),
    ...Object.fromEntries(env.map(({ name, value }) => [name, value])),
    KUBERNETES_EXEC_INFO: JSON.stringify(info),
  }
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
