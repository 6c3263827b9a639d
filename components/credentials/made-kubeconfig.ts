/** A kubeconfig that was just made: its text is shown once and kept nowhere. */
export type MadeKubeconfig = { kubeconfig: string; fileName: string; endsAt: Date }
