import type { Duplex } from 'node:stream'
import type { Container } from './container.ts'
import type { Files } from './files.ts'
import { createInput } from './input.ts'
import { runCommand } from './run-command.ts'
import { type SpdyStream, serveSpdy } from './spdy-connection.ts'
import { createTerminal } from './terminal.ts'

/** An exec request from the API server to a kubelet: the command, the container and the streams. */
export type ExecQuestion = {
  namespace: string
  pod: string
  command: readonly string[]
  stdin: boolean
  stdout: boolean
  stderr: boolean
  tty: boolean
}

/** The version of the streams that every API server since 1.5 uses with kubelets: a Status at the end of `error`. */
export const execProtocol = 'v4.channel.k8s.io'

const openTimeoutMs = 30_000
const lingerMs = 5_000

/** @returns undefined if a kubelet would not answer the URL */
export function parseExecUrl(url: string): ExecQuestion | undefined {
  const { pathname, searchParams } = new URL(url, 'https://127.0.0.1')
  const [, namespace, pod] = /^\/exec\/([^/]+)\/([^/]+)(?:\/[^/]+)?\/[^/]+$/.exec(pathname) ?? []
  const command = searchParams.getAll('command')
  const asked = (name: string) => searchParams.get(name) === '1' || searchParams.get(name) === 'true'
  const tty = asked('tty')
  if (namespace === undefined || pod === undefined || command.length === 0) return undefined
  return {
    namespace,
    pod,
    command,
    stdin: asked('input'),
    stdout: asked('output'),
    stderr: asked('error') && !tty,
    tty,
  }
}

/**
 * Serves one `kubectl exec` after both ends agreed on SPDY, until the connection ends.
 * @param files of its pod
 * @throws Error when the peer violates the protocol or the connection breaks; it is then closed
 */
export async function serveExec(question: ExecQuestion, files: Files, socket: Duplex): Promise<void> {
  const { tty } = question
  const wanted = ['error', ...(['stdin', 'stdout', 'stderr'] as const).filter((type) => question[type])]
  if (tty) wanted.push('resize')
  const streams = new Map<string, SpdyStream>()
  const input = createInput()
  const ended = new AbortController()
  const late = setTimeout(() => socket.destroy(), openTimeoutMs)

  const writeTo = (type: string) => async (data: Buffer | string) => {
    await streams.get(type)?.write(tty ? Buffer.from(data.toString().replaceAll('\n', '\r\n')) : Buffer.from(data))
  }
  const out = writeTo('stdout')
  const container: Container = {
    pod: question.pod,
    tty,
    input,
    files,
    ended: ended.signal,
    out,
    err: tty ? out : writeTo('stderr'),
  }
  const type = createTerminal({ input, show: out })

  const run = async () => {
    if (!question.stdin) input.close()
    const code = await runCommand(question.command, container)
    input.close()
    await streams.get('error')?.write(Buffer.from(JSON.stringify(renderStatus(code))))
    for (const stream of streams.values()) await stream.end()
    // The client closes when it has read everything; closing from here might cut off the end.
    setTimeout(() => socket.destroy(), lingerMs).unref()
  }

  try {
    await serveSpdy(socket, (stream) => {
      const name = stream.headers.get('streamtype') ?? ''
      if (!wanted.includes(name) || streams.has(name)) throw new Error(`a stream ${name} was not asked for`)
      streams.set(name, stream)
      if (name === 'stdin') {
        stream.onData = (chunk) => {
          if (chunk === undefined) input.close()
          else return tty ? type(chunk) : input.push(chunk)
        }
      }
      if (streams.size < wanted.length) return
      clearTimeout(late)
      run().catch((error: unknown) => socket.destroy(error instanceof Error ? error : new Error(String(error))))
    })
  } finally {
    clearTimeout(late)
    ended.abort()
    input.close()
  }
}

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ as kubelets write it for exec. */
function renderStatus(code: number) {
  if (code === 0) return { metadata: {}, status: 'Success' }
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  }
}
