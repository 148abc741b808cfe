// lib/native/constants.gen.ts: libvirt's enums, a row each, without the prefix that C needs.
import type { LibvirtApi } from './libvirt-api.js';

/** The enums that the facade uses: their C name, and what all names in them begin with. */
const enums = [
  ['virErrorNumber', 'VIR_ERR_'],
  ['virErrorDomain', 'VIR_FROM_'],
  ['virErrorLevel', 'VIR_ERR_'],
  ['virConnectFlags', 'VIR_CONNECT_'],
  ['virConnectCloseReason', 'VIR_CONNECT_CLOSE_REASON_'],
  ['virConnectCredentialType', 'VIR_CRED_'],
  ['virConnectListAllNetworksFlags', 'VIR_CONNECT_LIST_NETWORKS_'],
  ['virIPAddrType', 'VIR_IP_ADDR_TYPE_'],
  ['virNetworkCreateFlags', 'VIR_NETWORK_CREATE_'],
  ['virNetworkDefineFlags', 'VIR_NETWORK_DEFINE_'],
  ['virNetworkXMLFlags', 'VIR_NETWORK_XML_'],
  ['virNetworkUpdateCommand', 'VIR_NETWORK_UPDATE_COMMAND_'],
  ['virNetworkUpdateSection', 'VIR_NETWORK_SECTION_'],
  ['virNetworkUpdateFlags', 'VIR_NETWORK_UPDATE_'],
  ['virNetworkMetadataType', 'VIR_NETWORK_METADATA_'],
  ['virNetworkEventID', 'VIR_NETWORK_EVENT_ID_'],
  ['virNetworkEventLifecycleType', 'VIR_NETWORK_EVENT_'],
  ['virTypedParameterType', 'VIR_TYPED_PARAM_'],
  ['virNetworkPortCreateFlags', 'VIR_NETWORK_PORT_CREATE_'],
  ['virConnectListAllInterfacesFlags', 'VIR_CONNECT_LIST_INTERFACES_'],
  ['virInterfaceXMLFlags', 'VIR_INTERFACE_XML_'],
  ['virInterfaceDefineFlags', 'VIR_INTERFACE_DEFINE_'],
  ['virNWFilterDefineFlags', 'VIR_NWFILTER_DEFINE_'],
  ['virNWFilterBindingCreateFlags', 'VIR_NWFILTER_BINDING_CREATE_'],
  ['virConnectListAllNodeDeviceFlags', 'VIR_CONNECT_LIST_NODE_DEVICES_'],
  ['virNodeDeviceXMLFlags', 'VIR_NODE_DEVICE_XML_'],
  ['virNodeDeviceCreateXMLFlags', 'VIR_NODE_DEVICE_CREATE_XML_'],
  ['virNodeDeviceDefineXMLFlags', 'VIR_NODE_DEVICE_DEFINE_XML_'],
  ['virNodeDeviceUpdateFlags', 'VIR_NODE_DEVICE_UPDATE_'],
  ['virNodeDeviceEventID', 'VIR_NODE_DEVICE_EVENT_ID_'],
  ['virNodeDeviceEventLifecycleType', 'VIR_NODE_DEVICE_EVENT_'],
  ['virConnectListAllDomainsFlags', 'VIR_CONNECT_LIST_DOMAINS_'],
  ['virDomainState', 'VIR_DOMAIN_'],
  ['virDomainRunningReason', 'VIR_DOMAIN_RUNNING_'],
  ['virDomainPausedReason', 'VIR_DOMAIN_PAUSED_'],
  ['virDomainShutdownReason', 'VIR_DOMAIN_SHUTDOWN_'],
  ['virDomainShutoffReason', 'VIR_DOMAIN_SHUTOFF_'],
  ['virDomainCrashedReason', 'VIR_DOMAIN_CRASHED_'],
  ['virDomainXMLFlags', 'VIR_DOMAIN_XML_'],
  ['virDomainDefineFlags', 'VIR_DOMAIN_DEFINE_'],
  ['virDomainCreateFlags', 'VIR_DOMAIN_START_'],
  ['virDomainDestroyFlagsValues', 'VIR_DOMAIN_DESTROY_'],
  ['virDomainUndefineFlagsValues', 'VIR_DOMAIN_UNDEFINE_'],
  ['virDomainShutdownFlagValues', 'VIR_DOMAIN_SHUTDOWN_'],
  ['virDomainRebootFlagValues', 'VIR_DOMAIN_REBOOT_'],
  ['virDomainModificationImpact', 'VIR_DOMAIN_AFFECT_'],
  ['virDomainInterfaceAddressesSource', 'VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_'],
  ['virDomainStatsTypes', 'VIR_DOMAIN_STATS_'],
  ['virConnectGetAllDomainStatsFlags', 'VIR_CONNECT_GET_ALL_DOMAINS_STATS_'],
  ['virDomainGuestInfoTypes', 'VIR_DOMAIN_GUEST_INFO_'],
  ['virDomainGetHostnameFlags', 'VIR_DOMAIN_GET_HOSTNAME_'],
  ['virDomainMetadataType', 'VIR_DOMAIN_METADATA_'],
  ['virDomainConsoleFlags', 'VIR_DOMAIN_CONSOLE_'],
  ['virDomainChannelFlags', 'VIR_DOMAIN_CHANNEL_'],
  ['virDomainEventID', 'VIR_DOMAIN_EVENT_ID_'],
  ['virDomainEventType', 'VIR_DOMAIN_EVENT_'],
  ['virDomainEventDefinedDetailType', 'VIR_DOMAIN_EVENT_DEFINED_'],
  ['virDomainEventUndefinedDetailType', 'VIR_DOMAIN_EVENT_UNDEFINED_'],
  ['virDomainEventStartedDetailType', 'VIR_DOMAIN_EVENT_STARTED_'],
  ['virDomainEventSuspendedDetailType', 'VIR_DOMAIN_EVENT_SUSPENDED_'],
  ['virDomainEventResumedDetailType', 'VIR_DOMAIN_EVENT_RESUMED_'],
  ['virDomainEventStoppedDetailType', 'VIR_DOMAIN_EVENT_STOPPED_'],
  ['virDomainEventShutdownDetailType', 'VIR_DOMAIN_EVENT_SHUTDOWN_'],
  ['virDomainEventPMSuspendedDetailType', 'VIR_DOMAIN_EVENT_PMSUSPENDED_'],
  ['virDomainEventCrashedDetailType', 'VIR_DOMAIN_EVENT_CRASHED_'],
  ['virConnectDomainEventAgentLifecycleState', 'VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_'],
  ['virConnectDomainEventAgentLifecycleReason', 'VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_REASON_'],
  ['virStreamFlags', 'VIR_STREAM_'],
  ['virStreamEventType', 'VIR_STREAM_EVENT_'],
] as const;

/** The ends of C enums move with every version: they are no values. */
const endMarks = new Set(['LAST', 'NUMBER_LAST']);

export function constantsModule(api: LibvirtApi): string {
  const newer = api.constants.filter((constant) => constant.type === undefined);
  const blocks = enums.map(([type, prefix]) => {
    const own = api.constants.filter((constant) => constant.type === type);
    const added = newer.filter(({ name }) => enumOf(name) === type);
    const members = [...own, ...added]
      .filter(({ name }) => name.startsWith(prefix) && !endMarks.has(name.slice(prefix.length)))
      .sort((a, b) => a.value - b.value || (a.name < b.name ? -1 : 1))
      .map(({ name, value }) => `  ${name.slice(prefix.length)}: ${value},`);
    return `export const ${type} = {\n${members.join('\n')}\n} as const;\n`;
  });
  return `// Generated by \`npm run generate\` from libvirt's own description of its interface.\n\n${blocks.join('\n')}`;
}

/** A newer constant belongs to the enum with the longest prefix that fits. */
function enumOf(name: string): string | undefined {
  const fitting = enums.filter(([, prefix]) => name.startsWith(prefix));
  return fitting.sort(([, a], [, b]) => b.length - a.length)[0]?.[0];
}
