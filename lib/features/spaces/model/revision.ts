/** An image that differs between two pod templates; null: the template lacks the container. */
export type ImageChange = { container: string; from: string | null; to: string | null }

/** What a roll back changes in a workload’s pod template. */
export type TemplateChange = {
  images: ImageChange[]
  /** Whether anything besides images changes. */
  other: boolean
}

/** An earlier or the current pod template of a workload: its ReplicaSet or ControllerRevision. */
export type Revision = {
  /** Of the object: `web-5d9c7b`. */
  name: string
  number: number
  /** ISO 8601, UTC. */
  createdAt: string
  /** The annotation `kubernetes.io/change-cause`, with likely secrets masked. */
  cause: string | null
  images: string[]
  current: boolean
  /** Of its template, so that only what the person saw is restored. */
  digest: string
  change: TemplateChange
}

export type Revisions = {
  /** The newest first, at most 50. */
  items: Revision[]
  /** Of the workload’s template now. */
  digest: string
  /** A paused Deployment can’t be rolled back. */
  paused: boolean
}
