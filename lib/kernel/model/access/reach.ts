/** What the workloads of every space can reach, and where they can be reached. From the environment (lib/config). */
export type Reach = {
  /** Address ranges that no pod of a space may reach, in addition to those of metadata-ranges.ts. */
  deniedCidrs: readonly string[]
  /** Where pods ask for names besides port 53 in kube-system. */
  dnsPeers: readonly DnsPeer[]
  /**
   * An Ingress host is `NAMESPACE.SUFFIX` with one of these, or below it; without any, it begins with the namespace.
   */
  ingressSuffixes: readonly string[]
  /** Namespaces that count as the platform's besides those of reserved-names.ts: names, and families ending in `*`. */
  platformNamespaces: readonly string[]
}

/** An address, asked on port 53, or the pods of a namespace. */
export type DnsPeer = { address: string } | { namespace: string; port: number }
