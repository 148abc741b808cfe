// Events of node devices: https://libvirt.org/html/libvirt-libvirt-nodedev.html#virNodeDeviceEventID
#include "tables.hpp"

namespace virtnet {

namespace {

const EventRow rows[] = {
    eventRow<virConnectNodeDeviceEventLifecycleCallback, virNodeDevicePtr, int, int>(
        VIR_NODE_DEVICE_EVENT_ID_LIFECYCLE, "lifecycle"),
    eventRow<virConnectNodeDeviceEventGenericCallback, virNodeDevicePtr>(VIR_NODE_DEVICE_EVENT_ID_UPDATE,
                                                                         "update"),
};

}  // namespace

const EventTable nodeDeviceEvents = rows;

}  // namespace virtnet
