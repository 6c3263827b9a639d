/** @returns the address of one cluster’s part of the page of clusters */
export const clusterPath = (name: string): string => `/admin/clusters#${clusterAnchor(name)}`

export const clusterAnchor = (name: string): string => `cluster-${name}`
