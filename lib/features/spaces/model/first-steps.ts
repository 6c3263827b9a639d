/** A person's progress with a space. */
export type FirstSteps = {
  /** Whether they have a kubeconfig for it. */
  connected: boolean
  /** Whether one of those was ever used. */
  used: boolean
  /** Whether others have, or will have, a role in it. */
  shared: boolean
}

/** The cookie of a person who hid the steps. The browser sets it; it decides nothing else. */
export const stepsCookie = 'spaceport-steps'
export const hidesSteps = 'hidden'

type Begun = { steps: FirstSteps; deployed: boolean; mayInvite: boolean; hidden: boolean }

/** @returns whether to show the steps: until all are done, or until the person hides them where something runs */
export function showsSteps({ steps: { connected, shared }, deployed, mayInvite, hidden }: Begun): boolean {
  if (!deployed) return true
  return !hidden && !(connected && (shared || !mayInvite))
}
