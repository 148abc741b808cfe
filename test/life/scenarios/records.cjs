// What libvirt gives in structures and lists of its own: typed parameters there and back, addresses, statistics,
// events that bring them. All of it again and again, so that what is kept shows, and what is read too late.

const { close, load, scenario } = require('./common.cjs');
const { functions: f } = load();

const domainXml = (i) => `<domain type='test'>
  <name>life-records-${i}</name><memory>1024</memory><os><type>hvm</type></os>
  <devices><interface type='network'>
    <mac address='52:54:00:00:00:0${i}'/><source network='default'/><target dev='life${i}'/>
  </interface></devices>
</domain>`;

const LIFECYCLE = 0;
const [UINT, STRING] = [2, 7];
const [LEASE, STATS_STATE_AND_INTERFACE] = [0, 1 | 16];

scenario(async (rounds) => {
  const connection = await f.virConnectOpen('test:///default');
  let heard = 0;
  const id = await f.virConnectDomainEventRegisterAny(connection, null, LIFECYCLE, (domain) => {
    if (f.virDomainGetName(domain).startsWith('life-records')) heard++;
  });
  const domains = await Promise.all([1, 2, 3].map((i) => f.virDomainCreateXML(connection, domainXml(i), 0)));
  let last;
  for (let round = 1; round <= Number(rounds); round++) {
    const average = { field: 'inbound.average', type: UINT, value: round };
    const [parameters, refused, addresses, stats, listed] = await Promise.all([
      f
        .virDomainSetInterfaceParameters(domains[0], 'life1', [average], 0)
        .then(() => f.virDomainGetInterfaceParameters(domains[0], 'life1', 0)),
      f
        .virDomainSetInterfaceParameters(
          domains[1],
          'life2',
          [average, { field: 'no.such', type: STRING, value: 'text that is owned' }],
          0,
        )
        .catch((error) => error.number),
      f.virDomainInterfaceAddresses(domains[1], LEASE, 0),
      f.virDomainInterfaceStats(domains[2], 'life3'),
      f.virDomainListGetStats(domains, STATS_STATE_AND_INTERFACE, 0).catch((error) => error.message),
    ]);
    last = {
      average: parameters.find(({ field }) => field === 'inbound.average')?.value === round,
      refused,
      address: addresses[0].addrs[0].addr,
      counts: typeof stats.rx_bytes,
      stats: Array.isArray(listed) ? listed.length : listed,
    };
    // Lists that nobody keeps, of objects that nobody has.
    await f.virConnectListAllDomains(connection, 0);
  }
  await Promise.all(domains.map((domain) => f.virDomainDestroy(domain)));
  while (heard < 6) await new Promise((later) => setTimeout(later, 5));
  await f.virConnectDomainEventDeregisterAny(connection, id);
  await close(connection);
  return { ...last, heard };
});
