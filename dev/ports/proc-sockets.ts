import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

export type Listener = { inode: string; address: string; port: number }

const readOr = <T>(read: () => T, otherwise: T): T => {
  try {
    return read()
  } catch {
    // Processes come and go, and others' may not be readable.
    return otherwise
  }
}

/** @returns the listening TCP sockets in the text of /proc/net/tcp or tcp6 */
export const parseListeners = (table: string): Listener[] =>
  table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A')
    .map(([, local = '', , , , , , , , inode = '']) => {
      const [address = '', port = ''] = local.split(':')
      return { inode, address: parseAddress(address), port: Number.parseInt(port, 16) }
    })

/**
 * The kernel writes an address as 32-bit words in the machine's byte order, which is little-endian on all supported
 * machines.
 */
function parseAddress(hex: string): string {
  const words = hex.match(/.{8}/g) ?? []
  const bytes = words.flatMap((word) => [...Buffer.from(word, 'hex')].reverse())
  if (bytes.length === 4) return bytes.join('.')
  return (Buffer.from(bytes).toString('hex').match(/.{4}/g) ?? []).join(':')
}

/** @returns all listening TCP sockets of this machine, IPv4 and IPv6 */
export const readListeners = (): Listener[] =>
  ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => parseListeners(readOr(() => readFileSync(file, 'utf8'), '')))

/** @returns the ids of all processes */
export const readProcessIds = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)

/** @returns the inodes of a process's sockets */
export function readSockets(pid: number): Set<string> {
  const files = readOr(() => readdirSync(`/proc/${pid}/fd`), [])
  const links = files.map((fd) => readOr(() => readlinkSync(`/proc/${pid}/fd/${fd}`), ''))
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []))
}

export const readCommand = (pid: number): string =>
  readOr(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'), '')
    .split('\0')
    .join(' ')
    .trim()

/** @returns the parent's id; 0 for a process that is gone */
export const readParent = (pid: number): number =>
  // The command is in parentheses and may contain anything.
  Number(
    readOr(() => readFileSync(`/proc/${pid}/stat`, 'utf8'), '')
      .split(') ')
      .at(-1)
      ?.split(' ')[1] ?? 0,
  )
