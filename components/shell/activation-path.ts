/** @returns the path of the page for activating the admin role, which returns to `back` afterwards */
export const activationPath = (back: string): string => `/profile/admin-role?${new URLSearchParams({ continue: back })}`
