export const toastEvent = 'spaceport:toast'

export type Toast = {
  /** Names the action and its object, since several toasts may be visible for a while. */
  message: string
  /** `news`: another person's action; the toast survives navigation. `alarm`: news that stays until it is dismissed. */
  kind?: 'ok' | 'bad' | 'news' | 'alarm'
  /** A follow-up action: undo it, or view it. */
  action?: { label: string; run: () => void }
  /** Where to view it. */
  link?: { label: string; href: string; onFollow: () => void }
}

/**
 * Shows the result of an action, or an event that affects the person. Use an Alert, which stays, for anything that
 * needs action.
 */
export function showToast(toast: Toast): void {
  window.dispatchEvent(new CustomEvent<Toast>(toastEvent, { detail: toast }))
}

/** @returns whether an event comes from showToast */
export const isToastEvent = (event: Event): event is CustomEvent<Toast> =>
  event instanceof CustomEvent && event.type === toastEvent
