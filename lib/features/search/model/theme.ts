/** `system`: the browser's preference. */
export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** The cookie with a person's choice, set by the browser. Affects only colours. */
export const themeCookie = 'spaceport-theme'

/** @returns the theme in a cookie's value; `system` if it is invalid */
export const parseTheme = (text: string | undefined): Theme => themes.find((theme) => theme === text) ?? 'system'
