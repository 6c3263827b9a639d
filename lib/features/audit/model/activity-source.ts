/** The source of an action in a space: people in the portal, kubectl, or Spaceport itself. */
export const activitySources = ['people', 'kubectl', 'spaceport'] as const
export type ActivitySource = (typeof activitySources)[number]
