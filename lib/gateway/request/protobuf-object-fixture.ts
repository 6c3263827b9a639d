import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'

type Fields = readonly (readonly [number: number, value: string | Uint8Array])[]

function message(fields: Fields): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter()
  for (const [number, value] of fields)
    if (typeof value === 'string') writer.tag(number, WireType.LengthDelimited).string(value)
    else writer.tag(number, WireType.LengthDelimited).bytes(value)
  return writer.finish()
}

const envelope = (kind: string, raw: Uint8Array): Buffer =>
  Buffer.concat([
    Buffer.from('k8s\0'),
    message([
      [
        1,
        message([
          [1, 'v1'],
          [2, kind],
        ]),
      ],
      [2, raw],
    ]),
  ])

export const encodeNamed = ({ name, generateName }: { name: string; generateName: string }): Buffer =>
  envelope(
    'Pod',
    message([
      [
        1,
        message([
          [1, name],
          [2, generateName],
        ]),
      ],
    ]),
  )

export const encodeList = (kind: string, names: readonly string[]): Buffer => {
  const listMeta = message([
    [1, '/self'],
    [2, '17'],
  ])
  const items = names.map(
    (name) =>
      [
        2,
        message([
          [1, message([[1, name]])],
          [
            2,
            message([
              [1, 'a.b'],
              [2, 'x'],
            ]),
          ],
        ]),
      ] as const,
  )
  return envelope(kind, message([[1, listMeta], ...items]))
}
