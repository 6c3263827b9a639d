import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { runCaptured } from '../process/run-captured.ts'

/** @returns the inodes of sockets that listen on the port, from the text of /proc/net/tcp or tcp6 */
export function parseListeners(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(`:${wanted}`) && fields[3] === '0A')
    .flatMap((fields) => fields[9] ?? [])
}

const readOr = <T>(read: () => T, otherwise: T): T => {
  try {
    return read()
  } catch {
    // Processes come and go, and others' are not ours to look into.
    return otherwise
  }
}

function findByProc(port: number): string | undefined {
  const inodes = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
    parseListeners(
      readOr(() => readFileSync(file, 'utf8'), ''),
      port,
    ),
  )
  const sockets = new Set(inodes.map((inode) => `socket:[${inode}]`))
  if (sockets.size === 0) return undefined
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const files = readOr(() => readdirSync(`/proc/${pid}/fd`), [])
    if (!files.some((fd) => sockets.has(readOr(() => readlinkSync(`/proc/${pid}/fd/${fd}`), '')))) continue
    const command = readOr(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'), '')
      .split('\0')
      .join(' ')
      .trim()
    return `process ${pid} (${command.slice(0, 80)})`
  }
  return "another user's process"
}

async function findByLsof(port: number): Promise<string | undefined> {
  const { status, stdout } = await runCaptured('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'])
  if (status !== 0) return undefined
  const field = (letter: string) => new RegExp(`^${letter}(.*)$`, 'm').exec(stdout)?.[1]
  return `process ${field('p') ?? '?'} (${field('c') ?? 'unknown'})`
}

/** @returns who listens on the port, for people: "process 4711 (node server.js)"; undefined when it can't be told */
export const findPortHolder = async (port: number): Promise<string | undefined> =>
  process.platform === 'linux' ? findByProc(port) : await findByLsof(port)
