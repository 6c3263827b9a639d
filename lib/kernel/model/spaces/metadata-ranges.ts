/**
 * Cloud metadata services with the credentials of nodes and pods, and link-local addresses, which no pod of a space
 * needs. A test compares the list with that of the fence `spaceport-reach`.
 *
 * 169.254.0.0/16 (AWS, Azure, Google, Oracle, DigitalOcean, OpenStack …), 100.100.100.200 (Alibaba), 168.63.129.16
 * (Azure's wire server), 192.0.0.192 (Oracle's classic); fe80::/10 (OpenStack, Hetzner), fd00:ec2::/32 (AWS),
 * fd20:ce::/64 (Google), fd00:c1::/64 (Oracle); then the IPv4 ones in NAT64 (RFC 6052; RFC 8215 as a whole) and 6to4
 * (RFC 3056) notation.
 */
export const metadataRanges = {
  ipv4: ['169.254.0.0/16', '100.100.100.200/32', '168.63.129.16/32', '192.0.0.192/32'],
  ipv6: [
    'fe80::/10',
    'fd00:ec2::/32',
    'fd20:ce::/64',
    'fd00:c1::/64',
    '64:ff9b::a9fe:0/112',
    '64:ff9b::6464:64c8/128',
    '64:ff9b::a83f:8110/128',
    '64:ff9b::c000:c0/128',
    '64:ff9b:1::/48',
    '2002:a9fe::/32',
    '2002:6464:64c8::/48',
    '2002:a83f:8110::/48',
    '2002:c000:c0::/48',
  ],
} as const
