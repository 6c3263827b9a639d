/** What platform admins are told of a cluster: sentences about its admission policies, and about rights on it. */
export type ClusterNotice = { cluster: string; fences: string[]; rights: string[] }
