/** @returns the source of the trail’s events: its page in the portal */
export const sourceOf = (portalUrl: string): string => `${portalUrl}/audit`
