import { keepInBrowser } from '#components/ui/keep-in-browser.ts'
import { parseTheme, type Theme, themeCookie } from '#lib/features/search/model/theme.ts'

/** @returns what this browser shows the portal in */
export const chosenTheme = (): Theme => parseTheme(document.documentElement.dataset.theme)

/** Shows the portal in a theme, at once and in this browser from now on. */
export async function chooseTheme(next: Theme): Promise<void> {
  if (next === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = next
  await keepInBrowser(themeCookie, next)
}
