/**
 * A contender that shares its core with the load generator would measure the machine. So contenders are pinned to one
 * core, and everything else to the others.
 */
import { readFileSync } from 'node:fs'
import { runCaptured } from '#dev/process/run-captured.ts'

/** Lists of cores in taskset's format. */
export type Cores = { contender: string; others: string; all: string }

/** The cores to use, or why pinning is impossible. */
export type Placement = { cores: Cores } | { unpinned: string }

/**
 * @returns the core for contenders and those for everything else
 * @throws Error on a Linux with several cores and without taskset
 */
export async function readPlacement(): Promise<Placement> {
  if (process.platform !== 'linux') return { unpinned: `${process.platform} can’t pin processes` }
  const allowed = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? ''
  const [contender, ...others] = parseCores(allowed)
  if (contender === undefined || others.length === 0) return { unpinned: 'there is only one core' }
  const { status } = await runCaptured('taskset', ['--version'])
  if (status !== 0) throw new Error('The bench needs taskset to pin contenders (Debian: util-linux).')
  return { cores: { contender: String(contender), others: others.join(','), all: allowed } }
}

/** @param list as Linux writes it: `0-2,5` */
export function parseCores(list: string): number[] {
  if (list === '') return []
  return list.split(',').flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
}

/** @returns one line for the table’s header */
export function describePlacement(placement: Placement): string {
  if ('unpinned' in placement) return `NOT pinned (${placement.unpinned}): CPU figures depend on the machine`
  const { contender, others } = placement.cores
  const siblings = `/sys/devices/system/cpu/cpu${contender}/topology/thread_siblings_list`
  const shared = parseCores(others).some((other) => parseCores(readIfThere(siblings)).includes(other))
  return `contenders pinned to core ${contender}, load and upstream to ${others}${shared ? ' (threads of one core)' : ''}`
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}

type Command = { command: string; args: readonly string[] }

/** @returns a command that starts this one on the contenders’ core, in the same process */
export const onContenderCore = (placement: Placement, { command, args }: Command): Command =>
  'cores' in placement
    ? { command: 'taskset', args: ['--cpu-list', placement.cores.contender, command, ...args] }
    : { command, args }
