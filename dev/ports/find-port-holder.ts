import { runCaptured } from '#dev/process/run-captured.ts'
import { readCommand, readListeners, readProcessIds, readSockets } from './proc-sockets.ts'

function findByProc(port: number): string | undefined {
  const sockets = readListeners().filter((listener) => listener.port === port)
  if (sockets.length === 0) return undefined
  for (const pid of readProcessIds()) {
    const own = readSockets(pid)
    if (sockets.some(({ inode }) => own.has(inode))) return `process ${pid} (${readCommand(pid).slice(0, 80)})`
  }
  return "another user's process"
}

async function findByLsof(port: number): Promise<string | undefined> {
  const { status, stdout } = await runCaptured('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'])
  if (status !== 0) return undefined
  const field = (letter: string) => new RegExp(`^${letter}(.*)$`, 'm').exec(stdout)?.[1]
  return `process ${field('p') ?? '?'} (${field('c') ?? 'unknown'})`
}

/** @returns the process that listens on the port, for people: "process 4711 (node server.js)"; undefined if unknown */
export const findPortHolder = async (port: number): Promise<string | undefined> =>
  process.platform === 'linux' ? findByProc(port) : await findByLsof(port)
