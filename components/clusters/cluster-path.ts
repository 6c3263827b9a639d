/** @returns the address of a cluster’s section on the page of clusters */
export const clusterPath = (name: string): string => `/admin/clusters#${clusterAnchor(name)}`

export const clusterAnchor = (name: string): string => `cluster-${name}`
