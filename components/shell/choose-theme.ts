import { parseTheme, type Theme, themeCookie } from '#lib/domain/theme.ts'

const yearMs = 365 * 86_400_000

/** @returns what this browser shows the portal in */
export const chosenTheme = (): Theme => parseTheme(document.documentElement.dataset.theme)

/** Shows the portal in a theme, at once and in this browser from now on. */
export async function chooseTheme(next: Theme): Promise<void> {
  if (next === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = next
  await cookieStore.set({
    name: themeCookie,
    value: next,
    path: '/',
    sameSite: 'lax',
    expires: Date.now() + yearMs,
  })
}
