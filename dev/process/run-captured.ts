import { spawn } from 'node:child_process'
import { watchOver } from './reaper.ts'

export type Captured = { status: number; output: string; stdout: string }

/**
 * Runs a program to its end.
 * @returns its exit status (127 when it could not be started, 128 when a signal ended it), the output of both streams
 * together, and standard output alone
 */
export function runCaptured(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string | undefined>; input?: string; uid?: number; gid?: number } = {},
): Promise<Captured> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...(options.uid !== undefined && { uid: options.uid }),
      ...(options.gid !== undefined && { gid: options.gid }),
    })
    const release = child.pid === undefined ? undefined : watchOver(child.pid)
    let output = ''
    let stdout = ''
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
      stdout += chunk
    })
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
    })
    child.on('error', (error) => resolve({ status: 127, output: `${output}${error.message}`, stdout }))
    child.on('close', (code) => {
      release?.()
      resolve({ status: code ?? 128, output, stdout })
    })
    // It may end before it has read its input.
    child.stdin?.on('error', () => {}).end(options.input)
  })
}
