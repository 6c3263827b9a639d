import { type Listener, readListeners, readParent, readProcessIds, readSockets } from './proc-sockets.ts'

/**
 * Linux only.
 * @returns where some processes listen for TCP connections
 */
export function listListening(pids: readonly number[]): Pick<Listener, 'address' | 'port'>[] {
  const sockets = new Set(pids.flatMap((pid) => [...readSockets(pid)]))
  return readListeners()
    .filter(({ inode }) => sockets.has(inode))
    .map(({ address, port }) => ({ address, port }))
}

/** @returns a process and all its descendants; Linux only */
export function withDescendants(pid: number): number[] {
  const parents = new Map(readProcessIds().map((id) => [id, readParent(id)]))
  const belongs = (id: number): boolean => id === pid || (id !== 0 && belongs(parents.get(id) ?? 0))
  return [...parents.keys()].filter(belongs)
}
