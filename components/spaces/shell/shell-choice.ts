import type { PlacedWorkload } from '#lib/kernel/model/spaces/space-inside.ts'

/** Containers in which a shell can be opened, as in an address: `pod/container`. */
export type ShellChoice = { options: { value: string; label: string }[]; of: string }

/**
 * @param of the container in the address
 * @returns the running containers, and the chosen one; null: none runs
 */
export function chooseShell(workloads: readonly PlacedWorkload[], of: string | undefined): ShellChoice | null {
  const pods = workloads.flatMap((workload) => workload.pods).filter(({ phase }) => phase === 'Running')
  const options = pods.flatMap(({ name, containers }) =>
    containers.map((container) => ({
      value: `${name}/${container}`,
      label: containers.length > 1 ? `${name}, container ${container}` : name,
    })),
  )
  const chosen = options.find(({ value }) => value === of) ?? options.find(({ value }) => value.startsWith(`${of}/`))
  const first = chosen ?? options[0]
  return first ? { options, of: first.value } : null
}
