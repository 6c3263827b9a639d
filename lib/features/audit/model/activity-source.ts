/** By what something was done in a space: by people in the portal, with kubectl, or by Spaceport itself. */
export const activitySources = ['people', 'kubectl', 'spaceport'] as const
export type ActivitySource = (typeof activitySources)[number]
