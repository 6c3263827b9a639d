import 'server-only'
import { cookies } from 'next/headers'
import { densityCookie, parseDensity } from '#lib/features/search/model/density.ts'
import { parseTheme, themeCookie } from '#lib/features/search/model/theme.ts'

/** @returns the theme and the density chosen in this browser; the server needs them for the first paint */
export async function readAppearance() {
  const chosen = await cookies()
  return {
    theme: parseTheme(chosen.get(themeCookie)?.value),
    density: parseDensity(chosen.get(densityCookie)?.value),
  }
}
