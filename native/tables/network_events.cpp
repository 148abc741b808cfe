// Events of networks: https://libvirt.org/html/libvirt-libvirt-network.html#virNetworkEventID
#include "../newer.hpp"
#include "tables.hpp"

namespace virtnet {

namespace {

const EventRow rows[] = {
    eventRow<virConnectNetworkEventLifecycleCallback, virNetworkPtr, int, int>(VIR_NETWORK_EVENT_ID_LIFECYCLE,
                                                                               "lifecycle"),
    eventRow<virConnectNetworkEventMetadataChangeCallback, virNetworkPtr, int, const char*>(
        VIR_NETWORK_EVENT_ID_METADATA_CHANGE, "metadataChange"),
};

}  // namespace

const EventTable networkEvents = rows;

}  // namespace virtnet
