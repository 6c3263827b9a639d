/** How far somebody has come with a space. */
export type FirstSteps = {
  /** Whether they have a kubeconfig for it. */
  connected: boolean
  /** Whether one of those was ever used. */
  used: boolean
  /** Whether others have, or will have, a role in it. */
  shared: boolean
}

/** The cookie that says that a person wants no list of steps. The browser sets it; it decides about that and nothing else. */
export const stepsCookie = 'spaceport-steps'
export const hidesSteps = 'hidden'

type Begun = { steps: FirstSteps; deployed: boolean; mayInvite: boolean; hidden: boolean }

/** @returns whether somebody is told what comes first: until all is done, or they don’t want it where something runs */
export function showsSteps({ steps: { connected, shared }, deployed, mayInvite, hidden }: Begun): boolean {
  if (!deployed) return true
  return !hidden && !(connected && (shared || !mayInvite))
}
