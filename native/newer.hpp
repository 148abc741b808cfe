// What libvirt has had since 9.0, the oldest headers that virtnet is built with. The generator of
// lib/native/*.gen.ts reads this file, too: a guard a version, `inline constexpr int` for constants,
// parameter names as libvirt has them.
#pragma once

#include <libvirt/libvirt.h>

extern "C" {

#if !LIBVIR_CHECK_VERSION(9, 7, 0)
inline constexpr int VIR_ERR_NO_NETWORK_METADATA = 111;
inline constexpr int VIR_NETWORK_METADATA_DESCRIPTION = 0;
inline constexpr int VIR_NETWORK_METADATA_TITLE = 1;
inline constexpr int VIR_NETWORK_METADATA_ELEMENT = 2;
int virNetworkSetMetadata(virNetworkPtr network, int type, const char* metadata, const char* key,
                          const char* uri, unsigned int flags);
char* virNetworkGetMetadata(virNetworkPtr network, int type, const char* uri, unsigned int flags);
#endif

#if !LIBVIR_CHECK_VERSION(9, 8, 0)
inline constexpr int VIR_NETWORK_EVENT_ID_METADATA_CHANGE = 1;
using virConnectNetworkEventMetadataChangeCallback = void (*)(virConnectPtr conn, virNetworkPtr net, int type,
                                                              const char* nsuri, void* opaque);
#endif

#if !LIBVIR_CHECK_VERSION(10, 1, 0)
inline constexpr int VIR_CONNECT_LIST_NODE_DEVICES_PERSISTENT = 268435456;
inline constexpr int VIR_CONNECT_LIST_NODE_DEVICES_TRANSIENT = 536870912;
inline constexpr int VIR_NODE_DEVICE_XML_INACTIVE = 1;
inline constexpr int VIR_NODE_DEVICE_UPDATE_AFFECT_CURRENT = 0;
inline constexpr int VIR_NODE_DEVICE_UPDATE_AFFECT_LIVE = 1;
inline constexpr int VIR_NODE_DEVICE_UPDATE_AFFECT_CONFIG = 2;
int virNodeDeviceUpdate(virNodeDevicePtr dev, const char* xmlDesc, unsigned int flags);
#endif

#if !LIBVIR_CHECK_VERSION(11, 1, 0)
inline constexpr int VIR_CONNECT_LIST_NODE_DEVICES_CAP_CCWGROUP_DEV = 4194304;
inline constexpr int VIR_CONNECT_LIST_NODE_DEVICES_CAP_CCWGROUP_MEMBER = 8388608;
#endif

#if !LIBVIR_CHECK_VERSION(11, 2, 0)
inline constexpr int VIR_DOMAIN_EVENT_ID_NIC_MAC_CHANGE = 27;
using virConnectDomainEventNICMACChangeCallback = void (*)(virConnectPtr conn, virDomainPtr dom,
                                                           const char* alias, const char* oldMAC,
                                                           const char* newMAC, void* opaque);
int virDomainGetAutostartOnce(virDomainPtr domain, int* autostart);
int virDomainSetAutostartOnce(virDomainPtr domain, int autostart);
inline constexpr int VIR_ERR_AGENT_COMMAND_TIMEOUT = 112;
inline constexpr int VIR_ERR_AGENT_COMMAND_FAILED = 113;
#endif

#if !LIBVIR_CHECK_VERSION(12, 5, 0)
int virDomainAnnounceInterface(virDomainPtr dom, const char* device, virTypedParameterPtr params, int nparams,
                               unsigned int flags);
#endif

}  // extern "C"
