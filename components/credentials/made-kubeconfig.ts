/** A kubeconfig that was just created. Its text is shown once and stored nowhere. */
export type MadeKubeconfig = { kubeconfig: string; fileName: string; endsAt: Date }
