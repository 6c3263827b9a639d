import type { MadeKubeconfig } from '#components/credentials/made-kubeconfig.ts'
import { chooseDensity, chooseTheme } from '#components/shell/choose-appearance.ts'
import { spaceForm } from '#components/spaces/space-form.ts'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { saveFile } from '#components/ui/save-file.ts'
import { showToast } from '#components/ui/show-toast.ts'
import { timeInFull } from '#components/ui/time/time-in-words.ts'
import { idle } from '#lib/kernel/model/action-state.ts'
import type { PaletteAct } from './palette-options.ts'

/** What the palette needs from outside. */
export type Reach = {
  go: (href: string) => void
  showKeys: () => void
  signOut: () => void
  makeKubeconfig: FormAction<MadeKubeconfig>
}

/** Runs the chosen option. Unless it opens a page, a toast shows the result. */
export async function runAct(act: PaletteAct, reach: Reach): Promise<void> {
  switch (act.is) {
    case 'go':
      return reach.go(act.href)
    case 'open':
      window.open(act.href, '_blank', 'noreferrer')
      return
    case 'keys':
      return reach.showKeys()
    case 'sign-out':
      return reach.signOut()
    case 'theme':
      return chooseTheme(act.theme)
    case 'density':
      return chooseDensity(act.density)
    case 'kubeconfig':
      return downloadKubeconfig(act.space, reach)
  }
}

/** Creates a kubeconfig with the default lifetime. If that needs a fresh sign-in, opens the page for it. */
async function downloadKubeconfig(space: SpaceAddress, { go, makeKubeconfig }: Reach): Promise<void> {
  const result = await makeKubeconfig(idle, spaceForm(space, {})).catch(() => null)
  if (result?.status === 'ok' && result.data) {
    const { fileName, kubeconfig, endsAt } = result.data
    saveFile(fileName, kubeconfig, 'application/yaml')
    return showToast({ message: `${fileName} downloaded. It expires on ${timeInFull(endsAt, true)}.` })
  }
  if (result?.status === 'error' && result.code === 'fresh_sign_in_needed') return go(spacePath(space, 'connect'))
  const why =
    result && 'message' in result ? result.message : 'We got no response. Check Credentials before you try again.'
  showToast({ kind: 'bad', message: `Kubeconfig for ${space.name}: ${why}` })
}
