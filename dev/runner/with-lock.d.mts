/** Runs the work while no other process of this machine holds the same lock file; waits for as long as one does. */
export function withLock(path: string, work: () => Promise<void>): Promise<void>
