import { keepInBrowser } from '#components/ui/keep-in-browser.ts'
import { type Density, densityCookie, parseDensity } from '#lib/features/search/model/density.ts'
import { parseTheme, type Theme, themeCookie } from '#lib/features/search/model/theme.ts'

export const chosenTheme = (): Theme => parseTheme(document.documentElement.dataset.theme)

/** Sets the theme at once, and keeps it in this browser. */
export async function chooseTheme(next: Theme): Promise<void> {
  if (next === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = next
  await keepInBrowser(themeCookie, next)
}

export const chosenDensity = (): Density => parseDensity(document.documentElement.dataset.density)

/** Sets the height of rows at once, and keeps it in this browser. */
export async function chooseDensity(next: Density): Promise<void> {
  document.documentElement.dataset.density = next
  await keepInBrowser(densityCookie, next)
}
