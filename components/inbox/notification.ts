import type { NotificationMessage } from '#lib/features/inbox/model/notification-message.ts'

const name = 'spaceport:told'

/** Dispatches a message of the person's event stream to the page. */
export const sayTold = (told: NotificationMessage): boolean =>
  window.dispatchEvent(new CustomEvent<NotificationMessage>(name, { detail: told }))

/**
 * Calls back with each message of the person's event stream.
 * @returns a function that stops
 */
export function onNotification(hear: (told: NotificationMessage) => void): () => void {
  const listener = (event: Event) => hear((event as CustomEvent<NotificationMessage>).detail)
  window.addEventListener(name, listener)
  return () => window.removeEventListener(name, listener)
}
