import type { NotificationMessage } from '#lib/features/inbox/model/notification-message.ts'

const name = 'spaceport:told'

/** Dispatches a message of the person's event stream to the page. */
export const dispatchNotification = (message: NotificationMessage): boolean =>
  window.dispatchEvent(new CustomEvent<NotificationMessage>(name, { detail: message }))

/**
 * Calls back with each message of the person's event stream.
 * @returns a function that stops
 */
export function onNotification(receive: (message: NotificationMessage) => void): () => void {
  const listener = (event: Event) => receive((event as CustomEvent<NotificationMessage>).detail)
  window.addEventListener(name, listener)
  return () => window.removeEventListener(name, listener)
}
