import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long an answer may take, in milliseconds. */
const patienceMs = 5_000

/**
 * `kubectl exec` of `cat` in a pod through one gateway, as a person in a shell. A terminating gateway keeps it open for
 * a while.
 * @param port of the gateway, bypassing the balancer
 */
export async function openShell(options: { kubectl: string; kubeconfig: string; port: number; pod: string }) {
  const file = `${options.kubeconfig}.${options.port}`
  const text = readFileSync(options.kubeconfig, 'utf8')
  writeFileSync(file, text.replace(/(server: https:\/\/[^:/]+):\d+/, `$1:${options.port}`), { mode: 0o600 })
  const child = spawn(options.kubectl, ['exec', '-i', options.pod, '--', 'cat'], {
    env: { ...process.env, HOME: `${file}.home`, KUBECONFIG: file },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk
    })
  child.stdin.on('error', () => {})
  return {
    /** @throws Error when the line doesn’t come back */
    async say(line: string): Promise<void> {
      child.stdin.write(`${line}\n`)
      const until = Date.now() + patienceMs
      while (!said.includes(line)) {
        if (Date.now() > until || child.exitCode !== null) throw new Error(`A shell lost its line: ${said.trim()}`)
        await sleep(20)
      }
    },
    close: () => child.kill('SIGKILL'),
  }
}
