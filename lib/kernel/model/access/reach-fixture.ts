import type { Reach } from './reach.ts'

/** The reach of spaces with the operator's defaults. */
export const defaultReach: Reach = { deniedCidrs: [], dnsPeers: [], ingressSuffixes: [], platformNamespaces: [] }
