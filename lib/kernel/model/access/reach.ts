/** What the workloads of all spaces can reach, and how they can be reached. From the environment (lib/config). */
export type Reach = {
  /** Address ranges that no pod may reach, in addition to those of metadata-ranges.ts. */
  deniedCidrs: readonly string[]
  /** DNS servers that pods may use, in addition to port 53 in kube-system. */
  dnsPeers: readonly DnsPeer[]
  /** Ingress hosts must be `NAMESPACE.SUFFIX`, or below it; without suffixes, they must begin with the namespace. */
  ingressSuffixes: readonly string[]
  /** Platform namespaces in addition to those of reserved-names.ts: names, and families ending in `*`. */
  platformNamespaces: readonly string[]
}

/** An address (port 53), or the pods of a namespace. */
export type DnsPeer = { address: string } | { namespace: string; port: number }
