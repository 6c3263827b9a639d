/** The event that Toaster listens for. */
export const toastEvent = 'spaceport:toast'

export type Toast = {
  /** Names what was done, and to what: several may be shown, and each stays for a while. */
  message: string
  /** `news`: something that others did, which doesn’t go with the page. */
  kind?: 'ok' | 'bad' | 'news'
  /** What may be done about it: to undo it, to look at it. */
  action?: { label: string; run: () => void }
  /** Where to look at it. */
  link?: { label: string; href: string; onFollow: () => void }
}

/** Says briefly what became of something that the person did, or that happened to them. What they have to act on is an Alert, which stays. */
export function showToast(toast: Toast): void {
  window.dispatchEvent(new CustomEvent<Toast>(toastEvent, { detail: toast }))
}

/** @returns whether an event is one of showToast’s */
export const isToastEvent = (event: Event): event is CustomEvent<Toast> =>
  event instanceof CustomEvent && event.type === toastEvent
