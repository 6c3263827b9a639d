/** `system`: whatever the browser says. */
export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** The cookie with a person’s choice. The browser sets it; it decides about colours and about nothing else. */
export const themeCookie = 'spaceport-theme'

/** @returns the theme that a cookie’s value names; `system` for what names none */
export const parseTheme = (text: string | undefined): Theme => themes.find((theme) => theme === text) ?? 'system'
