/**
 * An event of CloudEvents 1.0 (github.com/cloudevents/spec, v1.0.2) with structured JSON data. Extension attributes
 * have lowercase names of at most 20 letters and digits, and are never null ("Attribute Naming Convention").
 */
export type CloudEvent = {
  readonly specversion: '1.0'
  readonly id: string
  /** Identifies the event together with `id`. A repeated delivery has the same two. */
  readonly source: string
  readonly type: string
  readonly subject: string
  /** RFC 3339, UTC. */
  readonly time: string
  readonly datacontenttype: 'application/json'
  readonly data: Readonly<Record<string, unknown>>
  readonly [extension: string]: string | number | Readonly<Record<string, unknown>> | undefined
}

/**
 * DEL, C1, line and paragraph separators, bidirectional controls. JSON allows them unescaped, but terminals act on
 * them.
 */
const unsafe = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/**
 * @returns the event in CloudEvents' JSON format, in one line without its line feed. Control characters are escaped, so
 * parsers get the same text.
 */
export const renderCloudEvent = (event: CloudEvent): string =>
  JSON.stringify(event).replace(unsafe, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)
