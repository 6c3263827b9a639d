/** The state of a part of the control plane, for display. */
export type Progress = {
  part: string
  state: 'building' | 'starting' | 'ready' | 'stopping' | 'stopped'
  /** For people, at most a line: the progress, or what it waits for. */
  detail?: string
}

export type Report = (progress: Progress) => void
