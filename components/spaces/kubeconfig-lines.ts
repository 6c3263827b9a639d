/** @returns where browsers save the kubeconfig of a context */
export const downloadedFile = (context: string): string => `~/Downloads/${context}.yaml`

/**
 * The first file names the current context; kubectl ignores files that don’t exist.
 * @returns the command for a terminal in which kubectl starts in the space and keeps the person’s other clusters
 */
export const besideOtherClusters = (context: string): string =>
  `export KUBECONFIG=${downloadedFile(context)}:\${KUBECONFIG:-$HOME/.kube/config}`
