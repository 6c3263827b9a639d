import type { Reach } from './reach.ts'

/** The reach of spaces where the operator sets nothing. */
export const ordinaryReach: Reach = { deniedCidrs: [], dnsPeers: [], ingressSuffixes: [], platformNamespaces: [] }
