/** What platform admins see about a cluster: sentences about its admission policies and about rights on it. */
export type ClusterNotice = { cluster: string; fences: string[]; rights: string[] }
