/** How far the workloads of every space reach, and are reached. From the environment (lib/config). */
export type Reach = {
  /** Ranges of addresses that no pod of a space has business with, besides those of metadata-ranges.ts. */
  deniedCidrs: readonly string[]
  /** A host of an Ingress is the namespace's name before one of these, or below that; none: it begins with that name. */
  ingressSuffixes: readonly string[]
}
