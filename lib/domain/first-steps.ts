/** How far somebody has come with a space in which nothing runs yet. */
export type FirstSteps = {
  /** Whether they have a kubeconfig for it. */
  connected: boolean
  /** Whether one of those was ever used. */
  used: boolean
  /** Whether others have, or will have, a role in it. */
  shared: boolean
}
