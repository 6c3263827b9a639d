'use client'

import { turnSingleKeys, useSingleKeys } from './single-keys.ts'

/** Turns single-key shortcuts on or off in this browser. */
export const SingleKeysChoice = () => (
  <label className="flex min-h-6 items-center gap-2 text-sm">
    <input
      type="checkbox"
      checked={useSingleKeys()}
      onChange={(event) => turnSingleKeys(event.target.checked)}
      className="size-4 shrink-0"
    />
    <span>
      Use single-key shortcuts, such as <kbd>c</kbd> and <kbd>/</kbd>, in this browser
    </span>
  </label>
)
