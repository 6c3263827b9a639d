/** What platform admins see about a cluster: sentences about its admission policies and its rights. */
export type ClusterNotice = { cluster: string; fences: string[]; rights: string[] }
