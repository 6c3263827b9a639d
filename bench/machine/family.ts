import { readdirSync, readFileSync } from 'node:fs'

/** @returns each process of this machine with its parent; empty without /proc */
function listParents(): Map<number, number> {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid)) continue
    try {
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
      // The command in parentheses may contain spaces; the rest does not.
      parents.set(pid, Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      // It has ended.
    }
  }
  return parents
}

/** @returns a process and all its descendants */
export function familyOf(pid: number): number[] {
  const parents = [...listParents()]
  const found = [pid]
  for (const member of found) found.push(...parents.filter(([, parent]) => parent === member).map(([child]) => child))
  return found
}
