// The NICs of the system VM: Ethernet controllers on PCI, behind an IOMMU so that they can be given to guests,
// and mostly in an IOMMU group of their own. They are cabled to each other in pairs and to nothing else.

/** In the order of their names; `slot` is the port that it is behind, `cable` what it is plugged into. */
const NICS = [
  { name: 'eth0', slot: 0, part: 0, cable: 0 },
  { name: 'eth1', slot: 1, part: 0, cable: 1 },
  { name: 'eth2', slot: 2, part: 0, cable: 0 },
  { name: 'eth3', slot: 2, part: 1, cable: 1 }, // in one IOMMU group with eth2
] as const;

/** QEMU's arguments for them. */
export function nics(): string[][] {
  const slots = [...new Set(NICS.map(({ slot }) => slot))];
  return [
    // Maps what devices may reach; caching-mode tells VFIO of every change.
    ['-device', 'intel-iommu,caching-mode=on,device-iotlb=on'],
    ...slots.map((slot) => ['-device', `pcie-root-port,id=port${slot},chassis=${slot + 1}`]),
    ...NICS.flatMap(({ name, slot, part, cable }, index) => [
      ['-netdev', `hubport,id=net-${name},hubid=${cable}`],
      [
        '-device',
        `e1000e,netdev=net-${name},bus=port${slot},addr=0.${part},multifunction=on,mac=52:54:00:ee:00:0${index}`,
      ],
    ]),
  ];
}
