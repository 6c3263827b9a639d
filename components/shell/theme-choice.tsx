'use client'

import { useState } from 'react'
import { MenuChoice } from '#components/ui/menu.tsx'
import { type Theme, themes } from '#lib/features/search/model/theme.ts'
import { chooseTheme, chosenTheme } from './choose-theme.ts'

const labels: Readonly<Record<Theme, string>> = { system: 'System', light: 'Light', dark: 'Dark' }

/** Which colours this browser shows the portal in. Only an open menu has it, so there is a document. */
export function ThemeChoice() {
  const [chosen, setChosen] = useState(chosenTheme)
  return (
    <MenuChoice
      label="Theme"
      options={themes.map((value) => ({ value, label: labels[value] }))}
      value={chosen}
      onChoose={(next) => {
        setChosen(next)
        void chooseTheme(next)
      }}
    />
  )
}
