// The NICs of the system VM: Ethernet controllers on PCI, behind an IOMMU so that they can be given to guests,
// and mostly in an IOMMU group of their own. They are cabled to each other in pairs and to nothing else.

interface Nic {
  name: string;
  model: 'e1000e' | 'igb';
  /** The port that it is behind, and its function there. */
  slot: number;
  part: number;
  /** What it is plugged into. */
  cable: number;
}

/** In the order of their names. */
const NICS: readonly Nic[] = [
  { name: 'eth0', model: 'e1000e', slot: 0, part: 0, cable: 0 },
  { name: 'eth1', model: 'e1000e', slot: 1, part: 0, cable: 1 },
  { name: 'eth2', model: 'e1000e', slot: 2, part: 0, cable: 0 },
  { name: 'eth3', model: 'e1000e', slot: 2, part: 1, cable: 1 }, // in one IOMMU group with eth2
];

/** Those with up to seven virtual functions each. */
const SRIOV_NICS: readonly Nic[] = [
  { name: 'eth4', model: 'igb', slot: 3, part: 0, cable: 2 },
  { name: 'eth5', model: 'igb', slot: 4, part: 0, cable: 2 },
];

/** QEMU's arguments for them. */
export function nics({ sriov }: { sriov: boolean }): string[][] {
  const all = sriov ? [...NICS, ...SRIOV_NICS] : NICS;
  const slots = [...new Set(all.map(({ slot }) => slot))];
  return [
    // Maps what devices may reach; caching-mode tells VFIO of every change.
    ['-device', 'intel-iommu,caching-mode=on,device-iotlb=on'],
    ...slots.map((slot) => ['-device', `pcie-root-port,id=port${slot},chassis=${slot + 1}`]),
    ...all.flatMap(({ name, model, slot, part, cable }, index) => [
      ['-netdev', `hubport,id=net-${name},hubid=${cable}`],
      [
        '-device',
        `${model},netdev=net-${name},bus=port${slot},addr=0.${part},multifunction=on,mac=52:54:00:ee:00:0${index}`,
      ],
    ]),
  ];
}
