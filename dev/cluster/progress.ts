/** What a part of the control plane is doing, for display. */
export type Progress = {
  part: string
  state: 'building' | 'starting' | 'ready' | 'stopping' | 'stopped'
  /** For people, at most a line: how far it is, or what it waits for. */
  detail?: string
}

export type Report = (progress: Progress) => void
