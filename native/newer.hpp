// Prototypes of functions newer than libvirt 9.0, the oldest headers that virtnet is built with. A
// contract test reads this file for the version that brought a function and for the names of its
// parameters: keep one guard a version.
#pragma once

#include <libvirt/libvirt.h>

extern "C" {

#if !LIBVIR_CHECK_VERSION(9, 7, 0)
int virNetworkSetMetadata(virNetworkPtr network, int type, const char* metadata, const char* key, const char* uri,
                          unsigned int flags);
char* virNetworkGetMetadata(virNetworkPtr network, int type, const char* uri, unsigned int flags);
#endif

#if !LIBVIR_CHECK_VERSION(9, 8, 0)
inline constexpr int VIR_NETWORK_EVENT_ID_METADATA_CHANGE = 1;
typedef void (*virConnectNetworkEventMetadataChangeCallback)(virConnectPtr conn, virNetworkPtr net, int type,
                                                             const char* nsuri, void* opaque);
#endif

}  // extern "C"
